using System.Text;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Tests.Support;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Tests.KeyExchange;

public sealed class KeyExchangeLayerTests
{
    [Fact]
    public async Task A_host_key_that_is_not_trusted_ends_the_connection_with_the_policys_words()
    {
        var (client, server) = DuplexPipe.Create();
        var accepting = MemoryPair.AcceptAsync(server, MemoryPair.ServerOptions);
        var policy = new TestPolicy { Check = _ => throw new SshException(SshFailure.HostKeyUnknown, "Who are you?") };
        var exception = await Assert.ThrowsAsync<SshException>(
            () => MemoryPair.ConnectAsync(client, MemoryPair.ClientOptions with { HostKeys = policy }));
        Assert.Equal((SshFailure.HostKeyUnknown, "Who are you?"), (exception.Failure, exception.Message));
        await Assert.ThrowsAsync<SshException>(() => accepting);
    }

    [Fact]
    public async Task What_is_meant_for_a_person_here_is_not_told_to_the_peer()
    {
        var (client, server) = DuplexPipe.Create();
        var accepting = MemoryPair.AcceptAsync(server, MemoryPair.ServerOptions);
        var policy = new TestPolicy
        {
            Check = _ => throw new SshException(SshFailure.HostKeyChanged, "/home/alice/.ssh/known_hosts:7 has another key."),
        };
        await Assert.ThrowsAsync<SshException>(() => MemoryPair.ConnectAsync(client, MemoryPair.ClientOptions with { HostKeys = policy }));
        var told = await Assert.ThrowsAsync<SshException>(() => accepting);
        Assert.Equal("The peer closed the SSH connection: The host key was not accepted.", told.Message);
    }

    [Fact]
    public async Task Another_host_key_at_a_rekey_ends_the_connection()
    {
        using var first = PrivateKey.Generate("ssh-ed25519");
        using var second = PrivateKey.Generate("ssh-ed25519");
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        await using var server = new HandMadeServer(serverEnd, first, second);
        var connecting = MemoryPair.ConnectAsync(clientEnd, MemoryPair.ClientOptions);
        await server.OfferMethodsAsync("password");
        await server.ReadMethodAsync();
        server.Send(new EmptyMessage(MessageNumber.UserauthSuccess));
        await using var client = await connecting;
        server.Rekey();
        await Assert.ThrowsAsync<SshException>(() => server.ReadAsync(MessageNumber.KexInit));
        Assert.Equal(SshFailure.HostKeyChanged, (await client.Closed.WaitAsync(MemoryPair.Bound)).Failure);
    }

    [Fact]
    public async Task Strict_exchange_does_not_allow_a_packet_before_the_first_one()
    {
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        var connecting = MemoryPair.ConnectAsync(clientEnd, MemoryPair.ClientOptions);
        await using var peer = new PlainPeer(serverEnd);
        await peer.StartAsync();
        peer.Send(new RawMessage(MessageNumber.Ignore, [0, 0, 0, 0]));
        peer.Send(PlainPeer.KexInit(Proposal.StrictServer));
        await AssertProtocolErrorAsync(connecting);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(53)]
    [InlineData(21)]
    [InlineData(192)]
    public async Task Strict_exchange_allows_nothing_but_itself_until_the_keys_are_there(byte number)
    {
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        var connecting = MemoryPair.ConnectAsync(clientEnd, MemoryPair.ClientOptions);
        await using var peer = new PlainPeer(serverEnd);
        await peer.StartAsync();
        peer.Send(PlainPeer.KexInit(Proposal.StrictServer));
        peer.Send(new RawMessage((MessageNumber)number, [0, 0, 0, 0]));
        await AssertProtocolErrorAsync(connecting);
    }

    [Fact]
    public async Task A_signature_that_is_not_the_host_keys_ends_the_connection()
    {
        using var hostKey = PrivateKey.Generate("ssh-ed25519");
        using var other = PrivateKey.Generate("ssh-ed25519");
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        var policy = new TestPolicy();
        var connecting = MemoryPair.ConnectAsync(clientEnd, MemoryPair.ClientOptions with { HostKeys = policy });
        await using var peer = new PlainPeer(serverEnd);
        await peer.StartAsync();
        peer.Send(PlainPeer.KexInit());
        using var agreement = KeyAgreements.Create(KeyAgreements.Names[0]);
        peer.Send(new RawMessage(MessageNumber.KexEcdhReply, Reply(hostKey, agreement, other.Sign("ssh-ed25519", "not the hash"u8))));
        await AssertProtocolErrorAsync(connecting);
        Assert.Null(policy.Seen); // nobody is asked about a key that was not proved
    }

    [Fact]
    public async Task A_wrong_guess_of_the_peer_is_passed_over()
    {
        using var hostKey = PrivateKey.Generate("ssh-ed25519");
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        var accepting = MemoryPair.AcceptAsync(serverEnd, MemoryPair.ServerOptions);
        await using var peer = new PlainPeer(clientEnd);
        await peer.StartAsync();
        peer.Send(PlainPeer.KexInit() with { KeyExchange = ["unknown-guess", KeyAgreements.Names[0]], FirstKexPacketFollows = true });
        peer.Send(new RawMessage(MessageNumber.KexEcdhInit, [0, 0, 0, 3, 1, 2, 3]));
        using var agreement = KeyAgreements.Create(KeyAgreements.Names[0]);
        peer.Send(new RawMessage(MessageNumber.KexEcdhInit, [0, 0, 0, (byte)agreement.PublicValue.Length, .. agreement.PublicValue.Span]));
        await peer.ReadAsync(MessageNumber.KexInit);
        await peer.ReadAsync(MessageNumber.KexEcdhReply);
        await peer.DisposeAsync();
        await Assert.ThrowsAsync<SshException>(() => accepting);
    }

    [Fact]
    public async Task Something_that_is_not_ssh_is_told_apart()
    {
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        var connecting = MemoryPair.ConnectAsync(clientEnd, MemoryPair.ClientOptions);
        for (var i = 0; i <= VersionLine.MaxLinesBefore; i++)
            await serverEnd.WriteAsync(Encoding.ASCII.GetBytes("220 welcome to this FTP server\r\n"));
        await AssertProtocolErrorAsync(connecting);
    }

    [Fact]
    public async Task Giving_up_while_connecting_closes_the_stream()
    {
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        using var patience = new CancellationTokenSource();
        var connecting = SshClient.ConnectAsync(
            clientEnd, MemoryPair.ClientOptions, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
            TimeProvider.System, patience.Token).AsTask();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(MemoryPair.Bound));
        var (_, _) = await Traffic.ReadAsync(serverEnd).WaitAsync(MemoryPair.Bound); // to the end of the stream
    }

    [Theory]
    [InlineData("no-such-cipher", 1 << 30)]
    [InlineData("aes128-gcm@openssh.com", 15)]
    public async Task Options_that_are_not_possible_are_refused_and_the_stream_is_closed(string cipher, long rekeyBytes)
    {
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => MemoryPair.ConnectAsync(
            clientEnd, MemoryPair.ClientOptions with { Algorithms = new() { Ciphers = [cipher] }, RekeyBytes = rekeyBytes }));
        Assert.Equal(0, (await Traffic.ReadAsync(serverEnd).WaitAsync(MemoryPair.Bound)).Count);
    }

    [Fact]
    public void Negotiation_takes_the_clients_first_that_the_server_has()
    {
        var client = new Proposal(SshRole.Client, ["a", "b", "c"], ["h1", "h2"]).ToMessage(isFirst: true);
        var server = new Proposal(SshRole.Server, ["c", "b"], ["h2", "h1"]).ToMessage(isFirst: true);
        var agreed = AgreedAlgorithms.Negotiate(client, server);
        Assert.Equal(new AgreedAlgorithms(KeyAgreements.Names[0], "h1", new("b", null), new("b", null)), agreed);
        Assert.False(AgreedAlgorithms.IsGuessRight(client, server));
    }

    [Theory]
    [InlineData(Proposal.ExtInfoClient)]
    [InlineData(Proposal.StrictClient)]
    [InlineData(Proposal.StrictServer)]
    public void A_marker_among_the_key_exchange_algorithms_is_never_agreed_on(string marker)
    {
        var client = new Proposal(SshRole.Client, ["c"], ["h"]).ToMessage(isFirst: true);
        var server = new Proposal(SshRole.Server, ["c"], ["h"]).ToMessage(isFirst: true);
        AssertNothingInCommon(client, server with { KeyExchange = [marker] });
        AssertNothingInCommon(client with { KeyExchange = [marker] }, server);

        static void AssertNothingInCommon(KexInitMessage client, KexInitMessage server) => Assert.Equal(
            SshFailure.NoCommonAlgorithm,
            Assert.Throws<SshException>(() => AgreedAlgorithms.Negotiate(client, server)).Failure);
    }

    private static byte[] Reply(PrivateKey hostKey, IKeyAgreement agreement, byte[] signature)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        new KexEcdhReplyMessage(hostKey.PublicKey.Blob.Span, agreement.PublicValue.Span, signature).Write(new(output));
        return output.WrittenSpan.ToArray();
    }

    private static async Task AssertProtocolErrorAsync(Task connecting)
    {
        var exception = await Assert.ThrowsAsync<SshException>(() => connecting);
        Assert.Equal(SshFailure.ProtocolError, exception.Failure);
    }

    /// <summary>Speaks packets without keys.</summary>
    private sealed class PlainPeer(Stream stream) : IAsyncDisposable
    {
        private readonly PacketConnection _transport = new(stream, TimeProvider.System);

        public async Task StartAsync() =>
            await _transport.ExchangeVersionsAsync(VersionLine.MaxLinesBefore).AsTask().WaitAsync(MemoryPair.Bound);

        public static KexInitMessage KexInit(params string[] markers)
        {
            var message = new Proposal(SshRole.Client, SshAlgorithms.Ciphers, ["ssh-ed25519"]).ToMessage(isFirst: false);
            return message with { KeyExchange = [.. message.KeyExchange, .. markers] };
        }

        public void Send<T>(T message)
            where T : IMessage => _transport.Output.Post(message);

        public async Task ReadAsync(MessageNumber expected) =>
            Assert.Equal(expected, (MessageNumber)(await _transport.ReadAsync().AsTask().WaitAsync(MemoryPair.Bound)).Span[0]);

        public async ValueTask DisposeAsync()
        {
            _transport.End.TryEnd(SshFailure.ConnectionLost, "The test is over.");
            await _transport.Completion;
            _transport.Dispose();
        }
    }
}
