using ActorTunnel.Ssh.Channels;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Tests.Support;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Tests.Channels;

/// <summary>A peer that breaks the rules of RFC 4254 after a real login. What need not end, lives on.</summary>
public sealed class HostileConnectionTests
{
    private const uint TheirNumber = 77;
    private const int Flood = 3000;

    private static readonly ChannelWindow _window = new(4096, 4096);

    private delegate void Play(ScriptedPeer peer, uint channel);

    public static TheoryData<string> FromServers => [.. _servers.Keys];

    public static TheoryData<string> FromClients => [.. _clients.Keys];

    public static TheoryData<string> Survived => [.. _survived.Keys];

    // Each is played on an open channel of ours.
    private static readonly Dictionary<string, (Play Play, string Phrase)> _servers = new()
    {
        ["data for no channel"] = ((peer, _) => peer.Send(MessageNumber.ChannelData, 9u, "x"), "not open"),
        ["data for the highest channel"] = ((peer, _) => peer.Send(MessageNumber.ChannelData, uint.MaxValue, "x"), "not open"),
        ["data for a closed channel"] = (
            (peer, channel) =>
            {
                peer.Send(MessageNumber.ChannelClose, channel);
                peer.Send(MessageNumber.ChannelData, channel, "x");
            },
            "not open"),
        ["data beyond the window"] = (
            (peer, channel) =>
            {
                peer.Send(MessageNumber.ChannelData, channel, new string('x', 4096));
                peer.Send(MessageNumber.ChannelData, channel, "x");
            },
            "window"),
        ["extended data beyond the window"] = (
            (peer, channel) => peer.Send(MessageNumber.ChannelExtendedData, channel, 1u, new string('x', 4097)), "window"),
        ["a packet larger than allowed"] = (
            (peer, channel) => peer.Send(MessageNumber.ChannelData, channel, new string('x', PacketLimits.MaxChannelData + 1)), "larger"),
        ["data longer than its packet"] = ((peer, channel) => peer.Send(MessageNumber.ChannelData, channel, 100u), "malformed"),
        ["data with bytes behind it"] = ((peer, channel) => peer.Send(MessageNumber.ChannelData, channel, "x", 0u), "malformed"),
        ["data after the end-of-file"] = (
            (peer, channel) =>
            {
                peer.Send(MessageNumber.ChannelEof, channel);
                peer.Send(MessageNumber.ChannelData, channel, "x");
            },
            "after its end-of-file"),
        ["extended data after the end-of-file"] = (
            (peer, channel) =>
            {
                peer.Send(MessageNumber.ChannelEof, channel);
                peer.Send(MessageNumber.ChannelExtendedData, channel, 1u, "x");
            },
            "after its end-of-file"),
        ["the end-of-file twice"] = (
            (peer, channel) =>
            {
                peer.Send(MessageNumber.ChannelEof, channel);
                peer.Send(MessageNumber.ChannelEof, channel);
            },
            "second end-of-file"),
        ["the close twice"] = (
            (peer, channel) =>
            {
                peer.Send(MessageNumber.ChannelClose, channel);
                peer.Send(MessageNumber.ChannelClose, channel);
            },
            "not open"),
        ["the end of no channel"] = ((peer, _) => peer.Send(MessageNumber.ChannelEof, 9u), "not open"),
        ["a window for no channel"] = ((peer, _) => peer.Send(MessageNumber.ChannelWindowAdjust, 9u, 1u), "not open"),
        ["a window beyond 2^32 - 1"] = (
            (peer, channel) => peer.Send(MessageNumber.ChannelWindowAdjust, channel, uint.MaxValue), "2^32 - 1"),
        ["a request for no channel"] = ((peer, _) => peer.Send(MessageNumber.ChannelRequest, 9u, "exit-status", true), "not open"),
        ["a truncated channel request"] = ((peer, channel) => peer.Send(MessageNumber.ChannelRequest, channel), "malformed"),
        ["an answer to no channel request"] = ((peer, channel) => peer.Send(MessageNumber.ChannelSuccess, channel), "message 99"),
        ["a refusal of no channel request"] = ((peer, channel) => peer.Send(MessageNumber.ChannelFailure, channel), "message 100"),
        ["a second confirmation"] = (
            (peer, channel) => peer.Send(MessageNumber.ChannelOpenConfirmation, channel, 1u, 1u, 1u), "nobody asked for"),
        ["a confirmation of nothing"] = (
            (peer, _) => peer.Send(MessageNumber.ChannelOpenConfirmation, 9u, 1u, 1u, 1u), "nobody asked for"),
        ["a refusal of an open channel"] = (
            (peer, channel) => peer.Send(MessageNumber.ChannelOpenFailure, channel, 1u, "no", ""), "nobody asked for"),
        ["a refusal of nothing"] = ((peer, _) => peer.Send(MessageNumber.ChannelOpenFailure, 9u, 1u, "no", ""), "nobody asked for"),
        ["success of no request"] = ((peer, _) => peer.Send(MessageNumber.RequestSuccess), "nobody made"),
        ["failure of no request"] = ((peer, _) => peer.Send(MessageNumber.RequestFailure), "nobody made"),
        ["a truncated global request"] = ((peer, _) => peer.Send(MessageNumber.GlobalRequest, 100u), "malformed"),
        ["a truncated open"] = ((peer, _) => peer.Send(MessageNumber.ChannelOpen, "session", 1u), "malformed"),
        ["a forwarded connection without fields"] = (
            (peer, _) => peer.Send(MessageNumber.ChannelOpen, "forwarded-tcpip", 1u, 1u, 1u), "malformed"),
        ["a forwarded connection to port 65536"] = (
            (peer, _) => peer.Send(MessageNumber.ChannelOpen, "forwarded-tcpip", 1u, 1u, 1u, "h", 65536u, "h", 1u), "65535"),
    };

    private static readonly Dictionary<string, (Play Play, string Phrase)> _clients = new()
    {
        ["data for no channel"] = ((peer, _) => peer.Send(MessageNumber.ChannelData, 0u, "x"), "not open"),
        ["a direct connection without fields"] = (
            (peer, _) => peer.Send(MessageNumber.ChannelOpen, "direct-tcpip", 1u, 1u, 1u), "malformed"),
        ["a direct connection to port 65536"] = (
            (peer, _) => peer.Send(MessageNumber.ChannelOpen, "direct-tcpip", 1u, 1u, 1u, "h", 65536u, "h", 1u), "65535"),
        ["a listener on port 65536"] = (
            (peer, _) => peer.Send(MessageNumber.GlobalRequest, "tcpip-forward", true, "", 65536u), "65535"),
        ["a listener without an address"] = ((peer, _) => peer.Send(MessageNumber.GlobalRequest, "tcpip-forward", true), "malformed"),
        ["a flood of listeners"] = (
            (peer, _) =>
            {
                for (var i = 0; i < Flood; i++)
                    peer.Send(MessageNumber.GlobalRequest, "tcpip-forward", true, "", 1u);
            },
            "faster"),
        ["success of no request"] = ((peer, _) => peer.Send(MessageNumber.RequestSuccess), "nobody made"),
    };

    // Annoying, but allowed or nobody's loss: each many times over, and then the connection and a neighbour channel still work.
    private static readonly Dictionary<string, Play> _survived = new()
    {
        ["opens of sessions"] = (peer, _) => peer.Send(MessageNumber.ChannelOpen, "session", 1u, 1u, 1u),
        ["opens of x11"] = (peer, _) => peer.Send(MessageNumber.ChannelOpen, "x11", 1u, 1u, 1u, "localhost", 6000u),
        ["opens of an agent"] = (peer, _) => peer.Send(MessageNumber.ChannelOpen, "auth-agent@openssh.com", 1u, 1u, 1u),
        ["opens of a giant type"] = (peer, _) => peer.Send(MessageNumber.ChannelOpen, new string('x', 1000), 1u, 1u, 1u),
        ["opens with packets of no size"] = (peer, _) =>
            peer.Send(MessageNumber.ChannelOpen, "forwarded-tcpip", 1u, 1u, 0u, "localhost", 1u, "h", 1u),
        ["forwarded connections to no listener"] = (peer, _) =>
            peer.Send(MessageNumber.ChannelOpen, "forwarded-tcpip", 1u, 1u, 1u, "localhost", 1u, "h", 1u),
        ["direct connections to a client"] = (peer, _) =>
            peer.Send(MessageNumber.ChannelOpen, "direct-tcpip", 1u, 1u, 1u, "localhost", 1u, "h", 1u),
        ["global requests with reply"] = (peer, _) => peer.Send(MessageNumber.GlobalRequest, "x", true),
        ["global requests without reply"] = (peer, _) => peer.Send(MessageNumber.GlobalRequest, "hostkeys-00@openssh.com", false),
        ["listeners asked of a client"] = (peer, _) => peer.Send(MessageNumber.GlobalRequest, "tcpip-forward", true, "", 0u),
        ["channel requests with reply"] = (peer, channel) => peer.Send(MessageNumber.ChannelRequest, channel, "shell", true),
        ["channel requests without reply"] = (peer, channel) => peer.Send(MessageNumber.ChannelRequest, channel, "exit-signal", false),
        ["empty data"] = (peer, channel) => peer.Send(MessageNumber.ChannelData, channel, ""),
        ["empty extended data"] = (peer, channel) => peer.Send(MessageNumber.ChannelExtendedData, channel, 1u, ""),
        ["extended data"] = (peer, channel) => peer.Send(MessageNumber.ChannelExtendedData, channel, 7u, "x"),
        ["windows of nothing"] = (peer, channel) => peer.Send(MessageNumber.ChannelWindowAdjust, channel, 0u),
        ["windows of one byte"] = (peer, channel) => peer.Send(MessageNumber.ChannelWindowAdjust, channel, 1u),
        ["IGNORE"] = (peer, _) => peer.Send(MessageNumber.Ignore, "x"),
        ["IGNORE without content"] = (peer, _) => peer.Send(MessageNumber.Ignore),
        ["DEBUG"] = (peer, _) => peer.Send(MessageNumber.Debug, true, "\u001b[2J", ""),
        ["UNIMPLEMENTED"] = (peer, _) => peer.Send(MessageNumber.Unimplemented, 5u),
        ["numbers nobody knows"] = (peer, _) => peer.Send((MessageNumber)199, "x"),
        ["number 0"] = (peer, _) => peer.Send((MessageNumber)0),
        ["a number of the transport nobody knows"] = (peer, _) => peer.Send((MessageNumber)19),
    };

    [Theory]
    [MemberData(nameof(FromServers))]
    public async Task A_server_that_breaks_the_connection_protocol_is_told(string name)
    {
        await using var peer = ScriptedPeer.Server();
        await peer.LoginAsync();
        var (channel, number) = await OpenAsync(peer, await peer.ConnectedAsync());
        _servers[name].Play(peer, number);
        await peer.AssertEndsAsync(_servers[name].Phrase);
        Assert.True((await channel.Ended.WaitAsync(MemoryPair.Bound)) is ChannelEnd.ConnectionLost or ChannelEnd.ClosedByPeer);
    }

    [Theory]
    [MemberData(nameof(FromClients))]
    public async Task A_client_that_breaks_the_connection_protocol_is_told(string name)
    {
        var never = new TaskCompletionSource<int?>();
        await using var peer = ScriptedPeer.Client(MemoryPair.ServerOptions with { Listen = (_, _, _) => new(never.Task) });
        await peer.LoginAsync();
        _clients[name].Play(peer, 0);
        await peer.AssertEndsAsync(_clients[name].Phrase);
        never.SetResult(null);
    }

    [Theory]
    [MemberData(nameof(Survived))]
    public async Task A_flood_is_answered_as_it_must_be_and_harms_nobody(string name)
    {
        await using var peer = ScriptedPeer.Server();
        await peer.LoginAsync();
        var client = await peer.ConnectedAsync();
        var (_, number) = await OpenAsync(peer, client);
        var (neighbour, neighbourNumber) = await OpenAsync(peer, client);
        for (var i = 0; i < Flood; i++)
            _survived[name](peer, number);
        await peer.AssertLivesAsync();
        await AssertWorksAsync(peer, neighbour, neighbourNumber);
        Assert.Equal(2u, (await OpenAsync(peer, client)).Number); // no channel was kept for what was refused
    }

    [Fact]
    public async Task A_channel_that_the_peer_closes_ends_alone()
    {
        await using var peer = ScriptedPeer.Server();
        await peer.LoginAsync();
        var client = await peer.ConnectedAsync();
        var (channel, number) = await OpenAsync(peer, client);
        var (neighbour, neighbourNumber) = await OpenAsync(peer, client);
        peer.Send(MessageNumber.ChannelEof, number);
        peer.Send(MessageNumber.ChannelClose, number);
        Assert.Equal(ChannelEnd.Finished, await channel.Ended.WaitAsync(MemoryPair.Bound));
        await peer.ReadAsync(MessageNumber.ChannelClose);
        await AssertWorksAsync(peer, neighbour, neighbourNumber);
    }

    [Fact]
    public async Task A_channel_confirmed_with_packets_of_no_size_is_closed_and_harms_nobody()
    {
        await using var peer = ScriptedPeer.Server();
        await peer.LoginAsync();
        var client = await peer.ConnectedAsync();
        var (neighbour, neighbourNumber) = await OpenAsync(peer, client);
        var exception = await Assert.ThrowsAsync<ChannelOpenException>(() => OpenAsync(peer, client, packet: 0));
        Assert.Contains("no size", exception.Message, StringComparison.Ordinal);
        Assert.Equal(TheirNumber, ChannelSignalMessage.ParseRecipient(await peer.ReadAsync(MessageNumber.ChannelClose)));
        await AssertWorksAsync(peer, neighbour, neighbourNumber);
    }

    [Theory]
    [InlineData(0u, 1000u, 0)]
    [InlineData(1u, uint.MaxValue, 1)]
    [InlineData(uint.MaxValue, uint.MaxValue, PacketLimits.MaxChannelData)]
    [InlineData(uint.MaxValue, 1u, 1)]
    [InlineData(0x8000_0000u, 0x8000_0000u, PacketLimits.MaxChannelData)]
    public async Task Windows_and_packet_sizes_of_any_size_are_kept_to(uint window, uint packet, int room)
    {
        await using var peer = ScriptedPeer.Server();
        await peer.LoginAsync();
        var (channel, number) = await OpenAsync(peer, await peer.ConnectedAsync(), window, packet);
        var renting = channel.RentSendAsync(CancellationToken.None).AsTask();
        await peer.AssertLivesAsync();
        if (room == 0)
        {
            Assert.False(renting.IsCompleted);
            peer.Send(MessageNumber.ChannelWindowAdjust, number, 5u);
            room = 5;
        }

        Assert.Equal(room, (await renting.WaitAsync(MemoryPair.Bound)).Length);
        channel.Commit(room);
        await peer.ReadAsync(MessageNumber.ChannelData);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 1, 0, 0 })]
    [InlineData(new byte[] { 255, 255, 255, 255 })]
    [InlineData(new byte[] { 0, 80 })]
    [InlineData(new byte[0])]
    public async Task A_listener_on_an_absurd_port_is_none(byte[] port)
    {
        await using var peer = ScriptedPeer.Server();
        await peer.LoginAsync();
        var listening = (await peer.ConnectedAsync()).ListenAsync("localhost", 0, _ => { }, CancellationToken.None).AsTask();
        await peer.ReadAsync(MessageNumber.GlobalRequest);
        peer.Send(new RawMessage(MessageNumber.RequestSuccess, port));
        await peer.AssertEndsAsync("malformed");
        await Assert.ThrowsAsync<SshException>(() => listening.WaitAsync(MemoryPair.Bound));
    }

    [Fact]
    public async Task Connections_that_nobody_answers_are_bounded()
    {
        var offers = 0;
        await using var peer = ScriptedPeer.Client(MemoryPair.ServerOptions with { DirectTcpip = _ => offers++ });
        await peer.LoginAsync();
        for (var i = 0; i < PacketLimits.MaxChannels + 10; i++)
            peer.Send(MessageNumber.ChannelOpen, "direct-tcpip", (uint)i, 1u, 1u, "h", 1u, "h", 1u);
        for (var i = 0; i < 10; i++)
        {
            var refusal = ChannelOpenFailureMessage.Parse(await peer.ReadAsync(MessageNumber.ChannelOpenFailure));
            Assert.Equal(ChannelOpenFailure.ResourceShortage, refusal.Reason);
        }

        Assert.Equal(PacketLimits.MaxChannels, offers);
        await peer.AssertLivesAsync();
    }

    [Fact]
    public async Task Channels_that_the_peer_never_answers_are_bounded()
    {
        await using var peer = ScriptedPeer.Server();
        await peer.LoginAsync();
        var client = await peer.ConnectedAsync();
        using var patience = new CancellationTokenSource();
        var opening = new List<Task>();
        for (var i = 0; i < PacketLimits.MaxChannels; i++)
            opening.Add(client.OpenAsync("h", 1, new(0, 0), _window, patience.Token).AsTask());
        var exception = await Assert.ThrowsAsync<ChannelOpenException>(
            () => client.OpenAsync("h", 1, new(0, 0), _window, CancellationToken.None).AsTask());
        Assert.Equal(ChannelOpenFailure.ResourceShortage, exception.Reason);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(opening));
        await peer.AssertLivesAsync();
    }

    [Fact]
    public async Task A_host_name_larger_than_a_packet_costs_no_channel_number()
    {
        await using var peer = ScriptedPeer.Server();
        await peer.LoginAsync();
        var client = await peer.ConnectedAsync();
        for (var i = 0; i < 10; i++)
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
                () => client.OpenAsync(new('h', PacketLimits.MaxSentPayload), 1, new(0, 0), _window, CancellationToken.None).AsTask());
        }

        Assert.Equal(0u, (await OpenAsync(peer, client)).Number);
    }

    [Fact]
    public async Task A_listener_can_be_closed_though_the_server_does_not_answer()
    {
        var clock = new ManualClock();
        await using var peer = ScriptedPeer.Server(time: clock);
        await peer.LoginAsync();
        var offers = 0;
        var client = await peer.ConnectedAsync();
        var listening = client.ListenAsync("localhost", 2000, offer => offers++, CancellationToken.None).AsTask();
        await peer.ReadAsync(MessageNumber.GlobalRequest);
        peer.Send(MessageNumber.RequestSuccess);
        var closing = (await listening.WaitAsync(MemoryPair.Bound)).DisposeAsync().AsTask();
        await peer.ReadAsync(MessageNumber.GlobalRequest);
        Assert.False(closing.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(30));
        await closing.WaitAsync(MemoryPair.Bound);
        peer.Send(MessageNumber.ChannelOpen, "forwarded-tcpip", 1u, 1u, 1u, "localhost", 2000u, "h", 1u);
        await peer.ReadAsync(MessageNumber.ChannelOpenFailure);
        Assert.Equal(0, offers);
        peer.Send(MessageNumber.RequestFailure); // late, and still no surprise
        await peer.AssertLivesAsync();
    }

    private static async Task<(ITunnelChannel Channel, uint Number)> OpenAsync(
        ScriptedPeer peer, ISshTransport client, uint window = 1000, uint packet = 1000)
    {
        var opening = client.OpenAsync("host", 21, new(0, 0), _window, CancellationToken.None).AsTask();
        var number = ChannelOpenMessage.Parse(await peer.ReadAsync(MessageNumber.ChannelOpen)).SenderChannel;
        peer.Send(new ChannelOpenConfirmationMessage(number, TheirNumber, window, packet));
        return (await opening.WaitAsync(MemoryPair.Bound), number);
    }

    private static async Task AssertWorksAsync(ScriptedPeer peer, ITunnelChannel channel, uint number)
    {
        await using var stream = new ChannelStream(channel);
        await stream.WriteAsync("hello"u8.ToArray());
        Assert.Equal(TheirNumber, ChannelDataHeader.Parse(await peer.ReadAsync(MessageNumber.ChannelData), out var data));
        Assert.Equal(5, data.Length);
        peer.Send(MessageNumber.ChannelData, number, "world");
        await stream.ReadExactlyAsync(new byte[5]).AsTask().WaitAsync(MemoryPair.Bound);
        await stream.DisposeAsync();
        await peer.ReadAsync(MessageNumber.ChannelClose);
    }
}
