using ActorTunnel.Ssh.Channels;
using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Protection;
using ActorTunnel.Ssh.Tests.Support;
using ActorTunnel.Ssh.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTunnel.Ssh.Tests.KeyExchange;

/// <summary>Our client and our server agree on, and use, everything that is offered.</summary>
public sealed class AlgorithmMatrixTests
{
    public static TheoryData<string> Methods => [.. SshAlgorithms.KeyExchanges];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_key_exchange_method_makes_keys_for_every_cipher_and_MAC(string method)
    {
        const int Size = 200_000;
        foreach (var names in Protections.All)
        {
            var algorithms = new AlgorithmChoice
            {
                KeyExchanges = [method],
                Ciphers = [names.Cipher],
                Macs = [names.Mac ?? "hmac-sha2-256"],
            };
            var (server, next) = MemoryPair.Accepting(MemoryPair.Window);
            await using var pair = await MemoryPair.ConnectAsync(
                MemoryPair.ClientOptions with { Algorithms = algorithms }, server with { Algorithms = algorithms });
            await using var there = new ChannelStream(await pair.OpenAsync());
            await using var here = new ChannelStream(await next());
            var echoing = here.CopyToAsync(here).ContinueWith(_ => here.CompleteWritesAsync().AsTask(), TaskScheduler.Default).Unwrap();
            var reading = Traffic.ReadAsync(there);
            var sent = await Traffic.WriteAsync(there, Size).WaitAsync(MemoryPair.Bound);
            await there.CompleteWritesAsync();
            Assert.Equal((Size, sent), await reading.WaitAsync(MemoryPair.Bound));
            await echoing.WaitAsync(MemoryPair.Bound);
        }
    }

    [Fact]
    public async Task Each_exchange_of_a_connection_may_agree_on_other_algorithms()
    {
        using var hostKey = PrivateKey.Generate("ssh-ed25519");
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        var serverSide = new ChangingSide(hostKey);
        using var client = Layer(
            clientEnd, new ClientExchangeSide(Proposal.ForClient(new(), []), new TestPolicy(), CancellationToken.None));
        using var server = Layer(serverEnd, serverSide);
        await Task.WhenAll(client.HandshakeAsync().AsTask(), server.HandshakeAsync().AsTask()).WaitAsync(MemoryPair.Bound);
        while (serverSide.Agreed.Count <= 2 * Protections.All.Count)
        {
            var number = (byte)serverSide.Agreed.Count;
            var (first, second) = number % 2 == 0 ? (client, server) : (server, client);
            first.Start();
            first.Output.Post(new RawMessage(MessageNumber.ChannelData, [number])); // held back until the keys are there
            await Task.WhenAll(AnswerAsync(second, number), ExpectAsync(first, number)).WaitAsync(MemoryPair.Bound);
        }

        Assert.Equal(Protections.All, serverSide.Agreed.Take(Protections.All.Count));
        foreach (var layer in new[] { client, server })
        {
            layer.End.TryEnd(SshFailure.ConnectionLost, "The test is over.");
            await layer.Completion.WaitAsync(MemoryPair.Bound);
        }
    }

    [Fact]
    public void A_MAC_is_agreed_on_for_each_direction_that_needs_one()
    {
        var client = Proposal.ForClient(new(), []).ToMessage(isFirst: false);
        var server = client with
        {
            EncryptionToServer = ["aes256-ctr"],
            MacToServer = ["hmac-sha2-512", "hmac-sha2-256"],
            EncryptionToClient = ["aes128-ctr"],
            MacToClient = ["hmac-sha2-512-etm@openssh.com"],
        };
        var agreed = AgreedAlgorithms.Negotiate(client, server);
        Assert.Equal("aes256-ctr with hmac-sha2-256", agreed.ToServer.ToString());
        Assert.Equal("aes128-ctr with hmac-sha2-512-etm@openssh.com", agreed.ToClient.ToString());

        server = server with { EncryptionToClient = ["aes128-gcm@openssh.com"], MacToClient = ["none-such"] };
        Assert.Equal("aes128-gcm@openssh.com", AgreedAlgorithms.Negotiate(client, server).ToClient.ToString());

        server = server with { EncryptionToClient = ["aes128-ctr"] };
        var exception = Assert.Throws<SshException>(() => AgreedAlgorithms.Negotiate(client, server));
        Assert.Equal(SshFailure.NoCommonAlgorithm, exception.Failure);
        Assert.EndsWith("hmac-sha2-512; the server offers none-such.", exception.Message, StringComparison.Ordinal);
    }

    private static KeyExchangeLayer Layer(Stream stream, IExchangeSide side) =>
        new(new PacketConnection(stream, TimeProvider.System), side, new(1 << 30, null), NullLogger.Instance);

    private static async Task AnswerAsync(KeyExchangeLayer layer, byte number)
    {
        await ExpectAsync(layer, number);
        layer.Output.Post(new RawMessage(MessageNumber.ChannelData, [number]));
    }

    private static async Task ExpectAsync(KeyExchangeLayer layer, byte number) =>
        Assert.Equal([(byte)MessageNumber.ChannelData, number], (await layer.ReadAsync()).ToArray());

    /// <summary>A server that offers one cipher and one MAC, and other ones each time.</summary>
    private sealed class ChangingSide(PrivateKey hostKey) : IExchangeSide
    {
        private readonly Proposal _all = Proposal.ForServer(new(), [hostKey]);

        public List<ProtectionNames> Agreed { get; } = [];

        public Proposal Proposal
        {
            get
            {
                var names = Protections.All[Agreed.Count % Protections.All.Count];
                return _all with { Ciphers = [names.Cipher], Macs = names.Mac is null ? [] : [names.Mac] };
            }
        }

        public IExchange Begin(ExchangeTranscript transcript, AgreedAlgorithms algorithms, SendQueue output)
        {
            Assert.Equal(algorithms.ToServer, algorithms.ToClient);
            var exchange = new ServerExchangeSide(_all, [hostKey]).Begin(transcript, algorithms, output);
            Agreed.Add(algorithms.ToServer);
            return exchange;
        }
    }
}
