using System.Net;
using System.Net.Sockets;
using ActorTunnel.Ssh.Channels;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests;

/// <summary>Our client and our server; and OpenSSH's client against our server.</summary>
public sealed class BothRolesTests
{
    private const long Size = 64L * 1024 * 1024;

    [Theory]
    [InlineData(1L << 30, 1L << 30)]
    [InlineData(500_000, 1L << 30)]
    [InlineData(700_000, 500_000)]
    public async Task Both_directions_at_once_arrive_whole(long clientRekey, long serverRekey)
    {
        var (server, next) = MemoryPair.Accepting(MemoryPair.Window);
        await using var pair = await MemoryPair.ConnectAsync(
            MemoryPair.ClientOptions with { RekeyBytes = clientRekey }, server with { RekeyBytes = serverRekey });
        await using var there = new ChannelStream(await pair.OpenAsync());
        await using var here = new ChannelStream(await next());
        var reading = Task.WhenAll(Traffic.ReadAsync(there), Traffic.ReadAsync(here));
        var writing = Task.WhenAll(WriteAsync(there), WriteAsync(here));
        var sent = await writing.WaitAsync(TimeSpan.FromSeconds(60));
        var received = await reading.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal([(Size, sent[0]), (Size, sent[0])], received);

        static async Task<string> WriteAsync(ChannelStream stream)
        {
            var hash = await Traffic.WriteAsync(stream, Size);
            await stream.CompleteWritesAsync();
            return hash;
        }
    }

    [Fact]
    public async Task Many_channels_share_the_connection_and_end_with_it()
    {
        var (server, next) = MemoryPair.Accepting(MemoryPair.Window);
        await using var pair = await MemoryPair.ConnectAsync(server: server);
        var channels = new List<ITunnelChannel>();
        for (var i = 0; i < 50; i++)
        {
            channels.Add(await pair.OpenAsync());
            channels.Add(await next());
        }

        var stuck = channels[0].RentSendAsync(CancellationToken.None);
        await pair.Server.DisposeAsync();
        var ends = await Task.WhenAll(channels.Select(channel => channel.Ended)).WaitAsync(MemoryPair.Bound);
        Assert.All(ends, end => Assert.Equal(ChannelEnd.ConnectionLost, end));
        Assert.Equal(SshFailure.ClosedByPeer, (await pair.Client.Closed.WaitAsync(MemoryPair.Bound)).Failure);
        Assert.Equal(SshFailure.ClosedLocally, (await pair.Server.Closed.WaitAsync(MemoryPair.Bound)).Failure);
        Assert.True((await stuck).Length > 0);
    }

    [Fact]
    public async Task A_channel_that_nobody_reads_does_not_stop_the_others()
    {
        var (server, next) = MemoryPair.Accepting(MemoryPair.Window);
        await using var pair = await MemoryPair.ConnectAsync(server: server);
        await using var stuck = new ChannelStream(await pair.OpenAsync());
        await next(); // never attached
        var blocked = Traffic.WriteAsync(stuck, 1 << 20);
        await using var flowing = new ChannelStream(await pair.OpenAsync());
        await using var other = new ChannelStream(await next());
        var reading = Traffic.ReadAsync(other);
        var hash = await Traffic.WriteAsync(flowing, 1 << 20).WaitAsync(MemoryPair.Bound);
        await flowing.CompleteWritesAsync();
        Assert.Equal((1 << 20, hash), await reading.WaitAsync(MemoryPair.Bound));
        Assert.False(blocked.IsCompleted);
        await stuck.DisposeAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => blocked.WaitAsync(MemoryPair.Bound));
    }

    [Fact]
    public async Task A_forwarded_connection_finds_its_listener()
    {
        var bound = new List<(string, int)>();
        await using var pair = await MemoryPair.ConnectAsync(server: MemoryPair.ServerOptions with
        {
            Listen = (_, address, port) =>
            {
                bound.Add((address, port));
                return new(port == 0 ? 40000 : port == 1 ? null : port);
            },
            CancelListen = (_, address, port) => new(bound.Remove((address, port == 40000 ? 0 : port))),
        });
        var offers = new List<string>();
        var any = await ListenAsync(pair, 0, offer => Take("any", offer));
        var other = await ListenAsync(pair, 2, offer => Take("other", offer));
        Assert.Equal(40000, any.Port);
        Assert.Equal(2, other.Port);
        Assert.Equal(
            SshFailure.ForwardingRefused, (await Assert.ThrowsAsync<SshException>(() => ListenAsync(pair, 1, _ => { }))).Failure);

        await OpenForwardedAsync(pair, 40000);
        await OpenForwardedAsync(pair, 2);
        Assert.Equal(["any 10.1.2.3:99", "other 10.1.2.3:99"], offers);
        await any.DisposeAsync();
        Assert.Equal([("localhost", 2), ("localhost", 1)], bound);
        await Assert.ThrowsAsync<ChannelOpenException>(() => OpenForwardedAsync(pair, 40000));

        void Take(string name, IOfferedChannel offer)
        {
            offers.Add($"{name} {offer.OriginatorAddress}:{offer.OriginatorPort}");
            offer.Accept(MemoryPair.Window);
        }
    }

    [Fact]
    public async Task A_listen_callback_that_fails_refuses_its_request_and_no_other()
    {
        await using var pair = await MemoryPair.ConnectAsync(server: MemoryPair.ServerOptions with
        {
            Listen = (_, _, port) => port == 1 ? throw new InvalidOperationException("a defect") : new(port),
        });
        var refusal = await Assert.ThrowsAsync<SshException>(() => ListenAsync(pair, 1, _ => { }));
        Assert.Equal(SshFailure.ForwardingRefused, refusal.Failure);
        Assert.Equal(2, (await ListenAsync(pair, 2, _ => { })).Port);
    }

    [Fact]
    public async Task A_server_without_a_receiver_refuses_every_channel()
    {
        await using var pair = await MemoryPair.ConnectAsync();
        var exception = await Assert.ThrowsAsync<ChannelOpenException>(pair.OpenAsync);
        Assert.Equal(ChannelOpenFailure.AdministrativelyProhibited, exception.Reason);
        await pair.Client.PingAsync(CancellationToken.None).AsTask().WaitAsync(MemoryPair.Bound);
    }

    [Fact]
    public async Task A_connection_runs_inside_a_channel_of_another()
    {
        var (outerServer, nextOuter) = MemoryPair.Accepting(MemoryPair.Window);
        await using var outer = await MemoryPair.ConnectAsync(server: outerServer);
        var clientEnd = new ChannelStream(await outer.OpenAsync());
        var (innerServer, nextInner) = MemoryPair.Accepting(MemoryPair.Window);
        var accepting = MemoryPair.AcceptAsync(new ChannelStream(await nextOuter()), innerServer);
        await using var inner = await MemoryPair.ConnectAsync(clientEnd, MemoryPair.ClientOptions);
        await using var innerAccepted = await accepting;
        await using var stream = new ChannelStream(
            await inner.OpenAsync("h", 1, new(0, 0), MemoryPair.Window, CancellationToken.None).AsTask().WaitAsync(MemoryPair.Bound));
        await stream.WriteAsync("hello"u8.ToArray());
        await using var there = new ChannelStream(await nextInner());
        var received = new byte[5];
        await there.ReadExactlyAsync(received).AsTask().WaitAsync(MemoryPair.Bound);
        Assert.Equal("hello"u8.ToArray(), received);
    }

    [Theory]
    [InlineData("ssh-ed25519", "")]
    [InlineData("ecdsa-sha2-nistp521", "-oKexAlgorithms=ecdh-sha2-nistp384")]
    [InlineData("ssh-rsa", "-oRekeyLimit=1M")]
    [InlineData("ssh-ed25519", "-oKexAlgorithms=diffie-hellman-group16-sha512 -oCiphers=chacha20-poly1305@openssh.com -oRekeyLimit=1M")]
    [InlineData("ssh-ed25519", "-oKexAlgorithms=diffie-hellman-group14-sha256 -oCiphers=aes256-ctr -oMACs=hmac-sha2-512 -oRekeyLimit=1M")]
    [InlineData("ssh-ed25519", "-oCiphers=aes128-ctr -oMACs=hmac-sha2-256 -oRekeyLimit=1M")]
    [InlineData("ssh-ed25519", "-oCiphers=aes128-ctr -oMACs=hmac-sha2-256-etm@openssh.com -oRekeyLimit=1M")]
    [InlineData("ssh-ed25519", "-oCiphers=aes256-ctr -oMACs=hmac-sha2-512-etm@openssh.com -oRekeyLimit=1M")]
    public async Task The_ssh_command_forwards_through_our_server(string hostKeyType, string option)
    {
        await using var lab = await OpenSshClient.StartAsync(hostKeyType, option);
        using var client = await lab.ConnectAsync();
        var stream = client.GetStream();
        var receiving = Traffic.ReadAsync(stream);
        var sent = await Traffic.WriteAsync(stream, 20_000_000).WaitAsync(TimeSpan.FromSeconds(60));
        client.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal((20_000_000, sent), await receiving.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    private static Task<IRemoteListener> ListenAsync(MemoryPair pair, int port, Action<IOfferedChannel> accepted) =>
        pair.Client.ListenAsync("localhost", port, accepted, CancellationToken.None).AsTask().WaitAsync(MemoryPair.Bound);

    private static Task<ITunnelChannel> OpenForwardedAsync(MemoryPair pair, int port) => pair.Server.OpenForwardedAsync(
        "localhost", port, new(IPAddress.Parse("10.1.2.3"), 99), MemoryPair.Window, CancellationToken.None)
        .AsTask().WaitAsync(MemoryPair.Bound);
}
