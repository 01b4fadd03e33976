using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Socks;

namespace ActorTunnel.Engine.Proxies;

/// <summary>Asks a proxy, over a stream to it, for a connection to a host; then the stream is that connection.</summary>
internal sealed class ProxyClient(Stream stream, ProxyServer proxy, string host, int port)
{
    /// <summary>More than any answer has before its end.</summary>
    private const int MaxInterimAnswers = 8;

    /// <summary>A parser of an answer that begins with these bytes.</summary>
    private delegate OperationStatus Parse<T>(ReadOnlySpan<byte> bytes, out T value);

    /// <exception cref="TunnelException">In one line that names the proxy.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        // The name goes into a line or behind a length byte: nothing of it may be read as something else.
        if (!SocksName.IsValid(host))
            throw Failed(Failure.Configuration, "the server's name must be ASCII, 1 to 255 letters: write its xn-- form.");
        if (Encoding.UTF8.GetByteCount(proxy.User ?? "") > Socks5.MaxText)
            throw Failed(Failure.Configuration, "the proxy's user name is longer than 255 bytes.");
        try
        {
            var asked = proxy.Protocol == ProxyProtocol.Http ? HttpAsync(cancellationToken) : SocksAsync(cancellationToken);
            await asked.ConfigureAwait(false);
        }
        catch (IOException broken)
        {
            throw Failed(Failure.ConnectionLost, $"the connection broke: {broken.Message}", broken);
        }
    }

    private async Task SocksAsync(CancellationToken cancellationToken)
    {
        var greeting = proxy.User is null
            ? Socks5Client.Greeting(Socks5Method.None)
            : Socks5Client.Greeting(Socks5Method.None, Socks5Method.UserNamePassword);
        await stream.WriteAsync(greeting, cancellationToken).ConfigureAwait(false);
        switch (await ReadAsync<Socks5Method>(Socks5Client.ParseMethod, Socks5Client.MaxAnswer, cancellationToken).ConfigureAwait(false))
        {
            case Socks5Method.None:
                break;
            case Socks5Method.UserNamePassword when proxy.User is { } user:
                await LoginAsync(user, cancellationToken).ConfigureAwait(false);
                break;
            case Socks5Method.NoAcceptable when proxy.User is null:
                throw Failed(Failure.Authentication, "it asks for a login: write socks5://USER@... and give its password in a file.");
            case Socks5Method.NoAcceptable:
                throw Failed(Failure.Authentication, "it takes no user name and password.");
            default:
                throw NotAProxy();
        }

        var request = Socks5Client.Request(SocksCommand.Connect, new Socks5Address(host, port));
        await stream.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        var code = await ReadAsync<Socks5ReplyCode>(Socks5Client.ParseReply, Socks5Client.MaxAnswer, cancellationToken)
            .ConfigureAwait(false);
        if (code != Socks5ReplyCode.Succeeded)
            throw Refused(ProxyRefusals.Of(code));
    }

    private async Task LoginAsync(string user, CancellationToken cancellationToken)
    {
        var password = Password();
        var login = Array.Empty<byte>();
        try
        {
            if (password.Length > Socks5.MaxText)
                throw Failed(Failure.Credential, "its password is longer than 255 bytes.");
            login = Socks5Client.Login(user, password);
            await stream.WriteAsync(login, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
            CryptographicOperations.ZeroMemory(login);
        }

        if (!await ReadAsync<bool>(Socks5Client.ParseLoginStatus, Socks5Client.MaxAnswer, cancellationToken).ConfigureAwait(false))
            throw Failed(Failure.Authentication, $"it refuses the password of {user}.");
    }

    private async Task HttpAsync(CancellationToken cancellationToken)
    {
        if (proxy.User?.Contains(':', StringComparison.Ordinal) == true)
            throw Failed(Failure.Configuration, "a user name for HTTP has no colon.");
        var password = proxy.User is null ? [] : Password();
        var request = Array.Empty<byte>();
        try
        {
            request = HttpConnect.Request(Authority(), proxy.User, password);
            await stream.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
            CryptographicOperations.ZeroMemory(request);
        }

        for (var i = 0; i < MaxInterimAnswers; i++)
        {
            var status = await ReadAsync<int>(HttpConnect.ParseAnswer, HttpConnect.MaxAnswer, cancellationToken).ConfigureAwait(false);
            if (status is >= 200 and < 300)
                return;
            // 1xx says that an answer will come (RFC 9110, section 15.2).
            if (status >= 200)
                throw Refused(ProxyRefusals.Of(status, proxy.User));
        }

        throw NotAProxy();
    }

    /// <summary>
    /// One byte at a time: the server behind the proxy may speak first, and what follows the answer belongs to whoever reads next.
    /// </summary>
    private async Task<T> ReadAsync<T>(Parse<T> parse, int limit, CancellationToken cancellationToken)
    {
        var buffer = new byte[limit];
        for (var length = 0; length < limit;)
        {
            if (await stream.ReadAsync(buffer.AsMemory(length, 1), cancellationToken).ConfigureAwait(false) == 0)
                throw Failed(Failure.ConnectionLost, $"it closed the connection without an answer: is it {Kind()} proxy?");
            length++;
            switch (parse(buffer.AsSpan(0, length), out var value))
            {
                case OperationStatus.Done:
                    return value;
                case OperationStatus.InvalidData:
                    throw NotAProxy();
            }
        }

        throw NotAProxy();
    }

    private byte[] Password() => proxy.Password?.Invoke() ?? [];

    /// <summary>RFC 9110, section 9.3.6: host and port, an IPv6 address in brackets.</summary>
    private string Authority() => host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";

    private string Kind() => proxy.Protocol == ProxyProtocol.Http ? "an HTTP" : "a SOCKS5";

    private TunnelException NotAProxy() => Failed(Failure.Protocol, $"its answer makes no sense: is it {Kind()} proxy?");

    private TunnelException Refused((Failure Failure, string Reason) refusal) =>
        Failed(refusal.Failure, $"no connection to {host} port {port}: {refusal.Reason}.");

    private TunnelException Failed(Failure failure, string what, Exception? cause = null) =>
        new(failure, $"Proxy {proxy.Host} port {proxy.Port}: {what}", cause);
}
