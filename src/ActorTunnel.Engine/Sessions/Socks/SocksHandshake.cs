using System.Buffers;
using System.Security.Cryptography;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Socks;

namespace ActorTunnel.Engine.Sessions.Socks;

/// <summary>What a SOCKS client says before it waits for the reply. Not a byte behind that is read: those are the target's.</summary>
internal sealed class SocksHandshake(Stream stream, SocksUsers? users)
{
    /// <summary>A parser of a message that begins with these bytes.</summary>
    private delegate OperationStatus Parse<T>(ReadOnlySpan<byte> bytes, out T value, out int length);

    /// <returns>What the client wants, and whom it has logged in as, or says it is; null: nobody.</returns>
    /// <exception cref="TunnelException">There is no request; whatever there was to say to the client has been said.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<(SocksRequest Request, string? User)> RunAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Max(Socks4.MaxRequest, Math.Max(Socks5Server.MaxGreeting, Socks5Server.MaxRequest))];
        await ReadAsync(buffer.AsMemory(0, 1), cancellationToken).ConfigureAwait(false);
        switch ((SocksVersion)buffer[0])
        {
            case SocksVersion.Four:
                var request = await ReadAsync<SocksRequest>(Socks4.ParseRequest, buffer, 1, cancellationToken).ConfigureAwait(false);
                if (users is null)
                    return (request, request.User.Length > 0 ? request.User : null);
                await stream.WriteAsync(SocksReply.Of(SocksVersion.Four, Socks5ReplyCode.NotAllowed), cancellationToken)
                    .ConfigureAwait(false);
                throw new TunnelException(Failure.Authentication, "users must log in, which SOCKS 4 cannot: set SOCKS 5 in the client");
            case SocksVersion.Five:
                var methods = await ReadAsync<Socks5Method[]>(Socks5Server.ParseGreeting, buffer, 1, cancellationToken)
                    .ConfigureAwait(false);
                var user = await ChooseAsync(methods, cancellationToken).ConfigureAwait(false);
                return (await ReadAsync<SocksRequest>(Socks5Server.ParseRequest, buffer, 0, cancellationToken).ConfigureAwait(false), user);
            default:
                throw NotSocks();
        }
    }

    private async Task<string?> ChooseAsync(Socks5Method[] methods, CancellationToken cancellationToken)
    {
        var wanted = users is null ? Socks5Method.None : Socks5Method.UserNamePassword;
        var choice = methods.Contains(wanted) ? wanted : Socks5Method.NoAcceptable;
        await stream.WriteAsync(Socks5Server.Choice(choice), cancellationToken).ConfigureAwait(false);
        if (choice == Socks5Method.NoAcceptable)
        {
            throw new TunnelException(Failure.Authentication, users is null
                ? "the client insists on a login, and there are no users here"
                : "the client offers no login by user name and password");
        }

        return users is null ? null : await LoginAsync(users, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> LoginAsync(SocksUsers known, CancellationToken cancellationToken)
    {
        // Pinned, so that the garbage collector leaves no copies.
        var buffer = GC.AllocateUninitializedArray<byte>(Socks5Server.MaxLogin, pinned: true);
        string user;
        bool isRight;
        try
        {
            (user, var password) = await ReadAsync<(string, Range)>(Socks5Server.ParseLogin, buffer, 0, cancellationToken)
                .ConfigureAwait(false);
            isRight = known.Verify(user, buffer.AsSpan(password));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }

        await stream.WriteAsync(Socks5Server.LoginStatus(isRight), cancellationToken).ConfigureAwait(false);
        return isRight ? user : throw new TunnelException(Failure.Authentication, $"wrong user name or password for {user}");
    }

    /// <param name="parse">Of the message.</param>
    /// <param name="buffer">As long as the longest message.</param>
    /// <param name="have">How many bytes of it are there already.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private async Task<T> ReadAsync<T>(Parse<T> parse, byte[] buffer, int have, CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (parse(buffer.AsSpan(0, have), out var value, out var length))
            {
                case OperationStatus.Done:
                    return value;
                case OperationStatus.NeedMoreData:
                    await ReadAsync(buffer.AsMemory(have..length), cancellationToken).ConfigureAwait(false);
                    have = length;
                    break;
                default:
                    throw NotSocks();
            }
        }
    }

    private async Task ReadAsync(Memory<byte> bytes, CancellationToken cancellationToken)
    {
        if (await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)
            < bytes.Length)
            throw new TunnelException(Failure.PeerClosed, "the client left before it said what it wants");
    }

    private static TunnelException NotSocks() => new(Failure.Protocol, "this is not SOCKS: set SOCKS 5 or SOCKS 4 in the client");
}
