using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>A server that exchanges keys in order; what comes after is played by the test, message by message.</summary>
internal sealed class HandMadeServer : IAsyncDisposable
{
    private readonly KeyExchangeLayer _connection;

    public HandMadeServer(Stream stream, params PrivateKey[] hostKeys)
    {
        var proposal = new Proposal(
            SshRole.Server, SshAlgorithms.Ciphers, [.. hostKeys.SelectMany(key => key.PublicKey.SignatureAlgorithms)]);
        Side = new SwitchingSide(proposal, hostKeys);
        _connection = new(new PacketConnection(stream, TimeProvider.System), Side, new(1 << 30, null), NullLogger.Instance);
    }

    public SwitchingSide Side { get; }

    public async Task HandshakeAsync() => await _connection.HandshakeAsync().AsTask().WaitAsync(MemoryPair.Bound);

    public void Rekey() => _connection.Start();

    public void Send<T>(T message)
        where T : IMessage => _connection.Output.Post(message);

    public async Task<byte[]> ReadAsync(MessageNumber expected)
    {
        var packet = (await _connection.ReadAsync().AsTask().WaitAsync(MemoryPair.Bound)).ToArray();
        Assert.Equal(expected, (MessageNumber)packet[0]);
        return packet;
    }

    /// <summary>Up to the answer to the method "none".</summary>
    public async Task OfferMethodsAsync(params string[] methods)
    {
        await HandshakeAsync();
        await ReadAsync(MessageNumber.ServiceRequest);
        Send(new ServiceAcceptMessage("ssh-userauth"));
        Assert.Equal("none", await ReadMethodAsync());
        Send(new UserauthFailureMessage(methods, PartialSuccess: false));
    }

    public async Task<string> ReadMethodAsync() =>
        UserauthRequestMessage.Parse(await ReadAsync(MessageNumber.UserauthRequest)).Method;

    public async ValueTask DisposeAsync()
    {
        _connection.End.TryEnd(SshFailure.ClosedLocally, "The test is over.");
        await _connection.Completion;
        _connection.Dispose();
    }

    /// <summary>Shows the first host key at first, and the last one when keys are renewed.</summary>
    internal sealed class SwitchingSide(Proposal proposal, PrivateKey[] hostKeys) : IExchangeSide
    {
        private int _exchanges;

        public Proposal Proposal { get; } = proposal;

        public IExchange Begin(ExchangeTranscript transcript, AgreedAlgorithms algorithms, SendQueue output)
        {
            var key = _exchanges++ == 0 ? hostKeys[0] : hostKeys[^1];
            return new ServerExchangeSide(Proposal, [key]).Begin(transcript, algorithms, output);
        }
    }
}
