using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Tests.Support;
using ActorTunnel.Ssh.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTunnel.Ssh.Tests.KeyExchange;

/// <summary>Keys are renewed for each cause while data flows both ways; and a peer that does nothing else is slowed down.</summary>
public sealed class RenewalTests
{
    private const int Messages = 300;

    private static readonly RekeyLimit _never = new(1L << 30, null);

    [Fact]
    public Task Bytes_sent_renew_the_keys() => AssertRenewsAsync(new(100_000, null), _never, (_, _) => { });

    [Fact]
    public Task Bytes_received_renew_the_keys() => AssertRenewsAsync(_never, new(100_000, null), (_, _) => { });

    [Fact]
    public Task Fewer_bytes_than_a_packet_has_renew_the_keys_and_packets_pass_all_the_same() =>
        AssertRenewsAsync(new(RekeyLimit.MinBytes, null), _never, (_, _) => { });

    [Fact]
    public Task Packets_sent_renew_the_keys() =>
        AssertRenewsAsync(_never, _never, (client, _) => client.Sender.Traffic.Skip((1u << 31) - 50));

    [Fact]
    public Task Packets_received_renew_the_keys() =>
        AssertRenewsAsync(_never, _never, (client, _) => client.Reader.Traffic.Skip((1u << 31) - 50));

    [Fact]
    public Task Time_renews_the_keys() =>
        AssertRenewsAsync(new(1L << 30, TimeSpan.FromHours(1)), _never, (_, clock) => clock.Advance(TimeSpan.FromHours(1)));

    [Fact]
    public async Task Nothing_is_renewed_before_its_time_or_without_traffic()
    {
        var clock = new ManualClock();
        await using var peer = ScriptedPeer.Server(
            MemoryPair.ClientOptions with { RekeyInterval = TimeSpan.FromHours(1), RekeyBytes = 5000 }, clock);
        await peer.LoginAsync();
        clock.Advance(TimeSpan.FromMinutes(59));
        await peer.AssertLivesAsync();
        clock.Advance(TimeSpan.FromMinutes(1)); // no packet comes of that
        peer.Send(MessageNumber.Ignore, "x");
        await peer.ReadAsync(MessageNumber.KexInit);
    }

    [Fact]
    public async Task Nothing_is_renewed_before_the_login()
    {
        var clock = new ManualClock();
        await using var peer = ScriptedPeer.Server(
            MemoryPair.ClientOptions with { RekeyInterval = TimeSpan.FromSeconds(1), RekeyBytes = RekeyLimit.MinBytes }, clock);
        await peer.BeginAuthenticationAsync();
        clock.Advance(TimeSpan.FromHours(1));
        peer.Send(MessageNumber.UserauthBanner, new string('x', 10_000), "");
        await peer.ReadAsync(MessageNumber.UserauthRequest);
        peer.Send(new EmptyMessage(MessageNumber.UserauthSuccess));
        await peer.ConnectedAsync();
        peer.Send(MessageNumber.Ignore, "x");
        await peer.ReadAsync(MessageNumber.KexInit);
    }

    [Fact]
    public void Blocks_are_limited_as_the_cipher_needs_it()
    {
        var unlimited = new RekeyLimit(long.MaxValue, null);
        var counter = new TrafficCounter(TimeProvider.System);
        counter.Reset(blockSize: 8);
        AssertSpentAt(1L << 30);
        counter.Reset(blockSize: 16);
        AssertSpentAt(1L << 36);

        void AssertSpentAt(long bytes)
        {
            for (var left = bytes; left > 0; left -= 1 << 30)
            {
                Assert.False(counter.IsSpent(unlimited));
                counter.TryAdd(1 << 30);
            }

            Assert.True(counter.IsSpent(unlimited));
        }
    }

    [Theory]
    [InlineData(15, null)]
    [InlineData(0, null)]
    [InlineData(-1, null)]
    [InlineData(1024, 0)]
    [InlineData(1024, -1)]
    public void A_limit_that_is_none_is_refused(long bytes, int? seconds) => Assert.Throws<ArgumentOutOfRangeException>(
        () => new RekeyLimit(bytes, seconds is { } time ? TimeSpan.FromSeconds(time) : null));

    [Fact]
    public async Task A_peer_that_renews_keys_without_end_waits_for_its_turn_and_is_not_cut_off()
    {
        var clock = new ManualClock();
        await using var peer = ScriptedPeer.Server(time: clock);
        await peer.LoginAsync();
        var waits = 0;
        for (var i = 0; i < 2 * RenewalBudget.Most; i++)
        {
            var renewing = peer.RenewKeysAsync();
            if (await Task.WhenAny(renewing, clock.TimerSet) != renewing)
            {
                waits++;
                clock.Advance(RenewalBudget.TimePerExchange);
            }

            await renewing;
        }

        Assert.InRange(waits, RenewalBudget.Most / 2, RenewalBudget.Most); // exchanges are traffic, too
        await peer.AssertLivesAsync();
    }

    [Fact]
    public async Task A_connection_that_is_closed_does_not_wait_for_the_peers_turn()
    {
        var clock = new ManualClock();
        await using var peer = ScriptedPeer.Server(time: clock);
        await peer.LoginAsync();
        Task renewing;
        while (await Task.WhenAny(renewing = peer.RenewKeysAsync(), clock.TimerSet) == renewing)
            await renewing;
        await (await peer.ConnectedAsync()).DisposeAsync().AsTask().WaitAsync(MemoryPair.Bound);
        await Assert.ThrowsAnyAsync<Exception>(() => renewing);
    }

    [Fact]
    public void Renewals_are_earned_by_traffic_and_time_and_no_more_are_saved_than_may_be_spent_at_once()
    {
        var clock = new ManualClock();
        var budget = new RenewalBudget(clock);
        clock.Advance(TimeSpan.FromDays(1));
        for (var i = 0; i < RenewalBudget.Most; i++)
            Assert.Equal(TimeSpan.Zero, budget.Spend(0));
        Assert.Equal(RenewalBudget.TimePerExchange, budget.Spend(0));
        clock.Advance(RenewalBudget.TimePerExchange);
        Assert.Equal(RenewalBudget.TimePerExchange / 2, budget.Spend(RenewalBudget.BytesPerExchange / 2));
        clock.Advance(RenewalBudget.TimePerExchange / 2);
        Assert.Equal(TimeSpan.Zero, budget.Spend(RenewalBudget.BytesPerExchange));
    }

    [Theory]
    [InlineData(RenewalBudget.BytesPerExchange, 0)]
    [InlineData(0, 1)]
    public async Task A_peer_that_sends_something_in_between_or_takes_its_time_may_renew_keys(int bytes, int seconds)
    {
        var clock = new ManualClock();
        await using var peer = ScriptedPeer.Server(time: clock);
        await peer.LoginAsync();
        for (var i = 0; i < 3 * RenewalBudget.Most; i++)
        {
            peer.Send(MessageNumber.Ignore, new string('x', bytes));
            await peer.AssertLivesAsync(); // it has arrived before the keys are renewed
            clock.Advance(TimeSpan.FromSeconds(seconds));
            await peer.RenewKeysAsync();
        }

        await peer.AssertLivesAsync();
    }

    [Fact]
    public async Task A_peer_that_sends_on_and_on_instead_of_renewing_keys_is_given_up()
    {
        var clock = new ManualClock();
        await using var peer = ScriptedPeer.Server(MemoryPair.ClientOptions with { RekeyBytes = 2000 }, clock);
        await peer.LoginAsync();
        peer.Send(MessageNumber.Ignore, new string('x', 2000));
        await peer.ReadAsync(MessageNumber.KexInit);
        clock.Advance(TimeSpan.FromMinutes(11));
        peer.Send(MessageNumber.Ignore, "x");
        await peer.AssertEndsAsync("renewing the keys", DisconnectReason.ConnectionLost, SshFailure.Timeout);
    }

    [Fact]
    public async Task A_secret_shared_with_a_host_that_is_not_trusted_is_wiped()
    {
        var seen = new List<byte[]>();
        var policy = new TestPolicy { Check = _ => throw new SshException(SshFailure.HostKeyUnknown, "Who are you?") };
        await ExchangeAsync(policy, seen);
        var secret = Assert.Single(seen);
        Assert.Equal(new byte[secret.Length], secret);
    }

    /// <summary>
    /// One exchange of a client that refuses the host key; <paramref name="seen"/> gets the secret that its agreement handed out.
    /// </summary>
    private static async Task ExchangeAsync(TestPolicy policy, List<byte[]> seen)
    {
        using var hostKey = PrivateKey.Generate("ssh-ed25519");
        var clientProposal = new Proposal(SshRole.Client, SshAlgorithms.Ciphers, ["ssh-ed25519"]);
        var serverProposal = clientProposal with { Role = SshRole.Server };
        var agreed = AgreedAlgorithms.Negotiate(clientProposal.ToMessage(true), serverProposal.ToMessage(true));
        var transcript = new ExchangeTranscript("SSH-2.0-c", "SSH-2.0-s", new byte[1], new byte[2]);
        var fromClient = new SendQueue(new());
        var fromServer = new SendQueue(new());
        var side = new ClientExchangeSide(clientProposal, policy, CancellationToken.None)
        {
            CreateAgreement = name => new WatchedAgreement(KeyAgreements.Create(name), seen),
        };
        using var client = side.Begin(transcript, agreed, fromClient);
        using var server = new ServerExchangeSide(serverProposal, [hostKey]).Begin(transcript, agreed, fromServer);
        (await server.HandleAsync(Take(fromClient))).Dispose();
        await Assert.ThrowsAsync<SshException>(async () => await client.HandleAsync(Take(fromServer)));

        static byte[] Take(SendQueue queue) => queue.TryTake(int.MaxValue, out var packet) ? packet.Payload.ToArray() : [];
    }

    /// <summary>
    /// Messages go both ways and arrive in order, and at least one exchange happens on the way, after <paramref name="nudge"/>.
    /// </summary>
    private static async Task AssertRenewsAsync(
        RekeyLimit clientLimit, RekeyLimit serverLimit, Action<PacketConnection, ManualClock> nudge)
    {
        var clock = new ManualClock();
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        using var hostKey = PrivateKey.Generate("ssh-ed25519");
        var proposal = new Proposal(SshRole.Client, SshAlgorithms.Ciphers, ["ssh-ed25519"]);
        var clientSide = new CountingSide(new ClientExchangeSide(proposal, new TestPolicy(), CancellationToken.None));
        var serverSide = new CountingSide(new ServerExchangeSide(proposal with { Role = SshRole.Server }, [hostKey]));
        var clientTransport = new PacketConnection(clientEnd, clock);
        var client = new KeyExchangeLayer(clientTransport, clientSide, clientLimit, NullLogger.Instance);
        var server = new KeyExchangeLayer(new PacketConnection(serverEnd, clock), serverSide, serverLimit, NullLogger.Instance);
        await Task.WhenAll(client.HandshakeAsync().AsTask(), server.HandshakeAsync().AsTask()).WaitAsync(MemoryPair.Bound);
        client.OnLoggedIn();
        server.OnLoggedIn();
        Assert.Equal(1, clientSide.Exchanges);
        nudge(clientTransport, clock);
        for (var i = 0; i < Messages; i++)
        {
            client.Output.Post(new RawMessage(MessageNumber.ChannelData, Fields.Of((uint)i, new byte[1000])));
            server.Output.Post(new RawMessage(MessageNumber.ChannelData, Fields.Of((uint)i, new byte[1000])));
        }

        var (clientHasAll, serverHasAll) = (new TaskCompletionSource(), new TaskCompletionSource());
        var reading = Task.WhenAll(ReadAsync(client, clientHasAll), ReadAsync(server, serverHasAll));
        await Task.WhenAny(Task.WhenAll(clientHasAll.Task, serverHasAll.Task), reading).WaitAsync(MemoryPair.Bound);
        await clientSide.Renewed.WaitAsync(MemoryPair.Bound); // it may begin with the last message
        Assert.InRange(serverSide.Exchanges, clientSide.Exchanges - 1, clientSide.Exchanges + 1);
        foreach (var side in (KeyExchangeLayer[])[client, server])
        {
            side.End.TryEnd(SshFailure.ClosedLocally, "The test is over.");
            await side.Completion.WaitAsync(MemoryPair.Bound);
        }

        await Assert.ThrowsAsync<SshException>(() => reading.WaitAsync(MemoryPair.Bound)); // the end, and nothing out of order
        client.Dispose();
        server.Dispose();

        // To the end: an exchange that began with the last message has to go on for the other side's messages.
        static async Task ReadAsync(KeyExchangeLayer layer, TaskCompletionSource hasAll)
        {
            for (var i = 0; ;)
            {
                var packet = await layer.ReadAsync();
                if ((MessageNumber)packet.Span[0] == MessageNumber.ChannelData)
                    Assert.Equal(i++, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(packet.Span[1..]));
                if (i == Messages)
                    hasAll.TrySetResult();
            }
        }
    }

    private sealed class CountingSide(IExchangeSide inner) : IExchangeSide
    {
        private readonly TaskCompletionSource _renewed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Exchanges { get; private set; }

        /// <summary>Completes with the second exchange.</summary>
        public Task Renewed => _renewed.Task;

        public Proposal Proposal => inner.Proposal;

        public IExchange Begin(ExchangeTranscript transcript, AgreedAlgorithms algorithms, SendQueue output)
        {
            if (++Exchanges > 1)
                _renewed.TrySetResult();
            return inner.Begin(transcript, algorithms, output);
        }
    }

    private sealed class WatchedAgreement(IKeyAgreement inner, List<byte[]> seen) : IKeyAgreement
    {
        public System.Security.Cryptography.HashAlgorithmName Hash => inner.Hash;

        public ReadOnlyMemory<byte> PublicValue => inner.PublicValue;

        public byte[] DeriveSecret(ReadOnlySpan<byte> peerPublicValue)
        {
            var secret = inner.DeriveSecret(peerPublicValue);
            Assert.NotEqual(new byte[secret.Length], secret);
            seen.Add(secret);
            return secret;
        }

        public void Dispose() => inner.Dispose();
    }
}
