using System.Text;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Lab.Ftp.Client;

/// <summary>Commands out, replies in, one command at a time (RFC 959 section 5.4).</summary>
internal sealed class ControlDialogue(ControlConnection control, TimeSpan timeout, TimeProvider time) : IDisposable
{
    private readonly ReplyAssembler _assembler = new();

    public ControlConnection Control => control;

    /// <summary>A final reply is still to come: another command now would be taken for answered by it.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Sends a command and reads its final reply.</summary>
    /// <exception cref="FtpException">The reply is 4yz or 5yz.</exception>
    public async Task<FtpReply> SendAsync(string command, CancellationToken cancellationToken)
    {
        await WriteAsync(command, cancellationToken);
        return await ReadFinalAsync(cancellationToken);
    }

    /// <summary>Sends a command that a transfer follows and reads its 1yz reply.</summary>
    /// <exception cref="FtpException">The reply is another one.</exception>
    public async Task SendForPreliminaryAsync(string command, CancellationToken cancellationToken)
    {
        await WriteAsync(command, cancellationToken);
        var reply = await ReadAsync(cancellationToken);
        if (reply.Kind != ReplyKind.Preliminary)
            throw Refusal(reply);
    }

    /// <summary>Reads up to the final reply of what was sent.</summary>
    /// <exception cref="FtpException">The reply is 4yz or 5yz.</exception>
    public async Task<FtpReply> ReadFinalAsync(CancellationToken cancellationToken)
    {
        FtpReply reply;
        do
            reply = await ReadAsync(cancellationToken);
        while (!reply.IsFinal);
        return reply.Kind is ReplyKind.Completion or ReplyKind.Intermediate ? reply : throw Refusal(reply);
    }

    public void Dispose() => control.Dispose();

    private static FtpException Refusal(FtpReply reply) =>
        new(reply.Code, "The server said: " + Encoding.UTF8.GetString(reply.Bytes.Span).TrimEnd());

    private Task WriteAsync(string command, CancellationToken cancellationToken)
    {
        if (command.AsSpan().ContainsAny('\r', '\n'))
            throw new ArgumentException("A name with a line end would be read as two commands.", nameof(command));
        IsWaiting = true;
        return control.WriteLineAsync(command, timeout, time, cancellationToken);
    }

    private async Task<FtpReply> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var line = await control.ReadLineAsync(cancellationToken).WaitAsync(timeout, time, cancellationToken)
                ?? throw new EndOfStreamException("The server closed the control connection.");
            if (_assembler.Add(line) is not { } reply)
                continue;
            IsWaiting &= !reply.IsFinal;
            return reply;
        }
    }
}
