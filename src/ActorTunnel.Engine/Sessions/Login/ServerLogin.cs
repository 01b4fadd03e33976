using System.Security.Cryptography;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Ssh.Authentication;

namespace ActorTunnel.Engine.Sessions.Login;

/// <summary>
/// Logs in at an FTP server with what its client has said already (RFC 959, section 5.4, CONNECTION ESTABLISHMENT and LOGIN). The greeting
/// is swallowed, since the client has had ours; the reply that decides is for the client.
/// </summary>
/// <param name="Preamble">What the client has said before USER. What the server thinks of it does not matter.</param>
/// <param name="User">For USER, as the client said it.</param>
/// <param name="Password">For PASS.</param>
internal sealed record ServerLogin(IReadOnlyList<FtpCommand> Preamble, byte[] User, Secret Password)
{
    /// <returns>
    /// The reply to USER or PASS: a completion, or an intermediate one when the server wants more than a password (ACCT); anything else is a
    /// refusal. Or 421 at any time: the server closes the connection.
    /// </returns>
    /// <exception cref="TunnelException">The server refuses the connection, closes it, or does not speak FTP.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<FtpReply> RunAsync(ControlLeg server)
    {
        var replies = new ReplyAssembler();
        var greeting = await ReadAsync(server, replies).ConfigureAwait(false);
        if (greeting.Code == 421)
            return greeting;
        if (greeting.Kind != ReplyKind.Completion)
            throw new TunnelException(Failure.PeerClosed, $"the FTP server refuses the connection with {greeting.Code}");

        foreach (var command in Preamble)
        {
            if (await AskAsync(server, replies, command).ConfigureAwait(false) is { Code: 421 } over)
                return over;
        }

        var reply = await AskAsync(server, replies, FtpCommand.Create("USER", User)).ConfigureAwait(false);
        return reply.Code == 331 ? await PassAsync(server, replies).ConfigureAwait(false) : reply;
    }

    private async Task<FtpReply> PassAsync(ControlLeg server, ReplyAssembler replies)
    {
        var password = Password.Copy();
        var pass = FtpCommand.Create("PASS", password);
        try
        {
            return await AskAsync(server, replies, pass).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
            pass.Erase();
        }
    }

    private static async Task<FtpReply> AskAsync(ControlLeg server, ReplyAssembler replies, FtpCommand command)
    {
        await server.WriteAsync(command.Line).ConfigureAwait(false);
        return await ReadAsync(server, replies).ConfigureAwait(false);
    }

    /// <summary>The final reply: preliminary ones (120) and lines that are none mean nothing here.</summary>
    private static async Task<FtpReply> ReadAsync(ControlLeg server, ReplyAssembler replies)
    {
        // As much as one reply may hold, so a longer one never comes in parts.
        for (var length = 0; length < ReplyAssembler.MaxHeld;)
        {
            var line = await server.ReadAsync().ConfigureAwait(false);
            if (line.Status == LineStatus.Part)
                break;
            if (line.Status != LineStatus.Line)
                throw new TunnelException(Failure.PeerClosed, "the FTP server closed the connection before the login");
            length += line.Bytes.Length;
            if (replies.Add(line.Bytes) is { IsFinal: true } reply)
                return reply;
        }

        throw new TunnelException(Failure.Limit, "the FTP server says too much before the login");
    }
}
