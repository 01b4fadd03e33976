using System.Net;
using ActorTunnel.Ssh.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>Our client and our server, connected in memory. The user is "alice", her password "secret".</summary>
internal sealed class MemoryPair : IAsyncDisposable
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    public static readonly ChannelWindow Window = new(64 * 1024, 1024 * 1024);

    private static readonly PrivateKey _hostKey = PrivateKey.Generate("ssh-ed25519");

    private MemoryPair(ISshTransport client, SshServerConnection server) => (Client, Server) = (client, server);

    public ISshTransport Client { get; }

    public SshServerConnection Server { get; }

    public static SshClientOptions ClientOptions { get; } = new()
    {
        User = "alice",
        Credentials = [Credentials.Passwords("secret")],
        HostKeys = new TestPolicy(),
    };

    public static SshServerOptions ServerOptions { get; } = new()
    {
        HostKeys = [_hostKey],
        CheckPassword = (user, password, _) => new(user == "alice" && password.Span.SequenceEqual("secret"u8)),
    };

    public static async Task<MemoryPair> ConnectAsync(SshClientOptions? client = null, SshServerOptions? server = null)
    {
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        var accepting = AcceptAsync(serverEnd, server ?? ServerOptions);
        var connecting = ConnectAsync(clientEnd, client ?? ClientOptions);
        await Task.WhenAll(accepting, connecting);
        return new(await connecting, await accepting);
    }

    public static Task<ISshTransport> ConnectAsync(Stream stream, SshClientOptions options) => SshClient.ConnectAsync(
        stream, options, NullLogger.Instance, TimeProvider.System, CancellationToken.None).AsTask().WaitAsync(Bound);

    public static Task<SshServerConnection> AcceptAsync(Stream stream, SshServerOptions options) => SshServer.AcceptAsync(
        stream, options, NullLogger.Instance, TimeProvider.System, CancellationToken.None).AsTask().WaitAsync(Bound);

    /// <summary>A server that hands over the channels it is offered, one by one.</summary>
    public static (SshServerOptions Options, Func<Task<ITunnelChannel>> Next) Accepting(ChannelWindow window)
    {
        var channels = System.Threading.Channels.Channel.CreateUnbounded<ITunnelChannel>();
        var options = ServerOptions with { DirectTcpip = offer => channels.Writer.TryWrite(offer.Accept(window)) };
        return (options, () => channels.Reader.ReadAsync().AsTask().WaitAsync(Bound));
    }

    public Task<ITunnelChannel> OpenAsync() => Client.OpenAsync(
        "target.example", 21, new(IPAddress.Loopback, 4711), Window, CancellationToken.None).AsTask().WaitAsync(Bound);

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
