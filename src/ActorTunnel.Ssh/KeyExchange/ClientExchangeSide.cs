using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.KeyExchange;

/// <summary>The client's side: it believes the server only when the exchange hash is signed by a host key it trusts.</summary>
internal sealed class ClientExchangeSide(Proposal proposal, IHostKeyPolicy policy, CancellationToken connecting) : IExchangeSide
{
    public Proposal Proposal { get; } = proposal;

    /// <summary>Tests look over the shoulder of an agreement.</summary>
    public Func<string, IKeyAgreement> CreateAgreement { get; init; } = KeyAgreements.Create;

    /// <summary>The host key of the first exchange; set when it has been accepted.</summary>
    public PublicKey? HostKey { get; private set; }

    public IExchange Begin(ExchangeTranscript transcript, AgreedAlgorithms algorithms, SendQueue output)
    {
        var exchange = new ClientExchange(this, transcript, algorithms);
        output.Post(new KexEcdhInitMessage(exchange.PublicValue));
        return exchange;
    }

    private async ValueTask TrustAsync(PublicKey key)
    {
        if (HostKey is null)
        {
            await policy.CheckAsync(key, connecting).ConfigureAwait(false);
            HostKey = key;
        }
        else if (!key.Blob.Span.SequenceEqual(HostKey.Blob.Span))
        {
            throw new SshException(
                SshFailure.HostKeyChanged, "The server showed another host key when keys were renewed: somebody may be in between.");
        }
    }

    private sealed class ClientExchange(ClientExchangeSide side, ExchangeTranscript transcript, AgreedAlgorithms algorithms) : IExchange
    {
        private readonly IKeyAgreement _agreement = side.CreateAgreement(algorithms.KeyExchange);

        public ReadOnlySpan<byte> PublicValue => _agreement.PublicValue.Span;

        public async ValueTask<ExchangeResult> HandleAsync(ReadOnlyMemory<byte> packet)
        {
            var (key, result) = Verify(packet.Span);
            try
            {
                await side.TrustAsync(key).ConfigureAwait(false);
                return result;
            }
            catch
            {
                result.Dispose(); // a secret shared with somebody who is not trusted is a secret all the same
                throw;
            }
        }

        public void Dispose() => _agreement.Dispose();

        private (PublicKey Key, ExchangeResult Result) Verify(ReadOnlySpan<byte> packet)
        {
            if ((MessageNumber)packet[0] != MessageNumber.KexEcdhReply)
                throw KeyExchangeLayer.Unexpected(packet[0]);
            var reply = KexEcdhReplyMessage.Parse(packet);
            var key = PublicKey.Parse(reply.HostKey);
            if (key.Type != KeyAlgorithms.KeyType(algorithms.HostKey))
                throw new SshException(SshFailure.ProtocolError, "The server's host key is of another type than was agreed.");

            var secret = _agreement.DeriveSecret(reply.ServerPublicValue);
            var hash = transcript.Hash(_agreement.Hash, reply.HostKey, PublicValue, reply.ServerPublicValue, secret);
            var result = new ExchangeResult(_agreement.Hash, secret, hash);
            if (key.Verify(algorithms.HostKey, hash, reply.Signature))
                return (key, result);
            result.Dispose();
            throw new SshException(SshFailure.ProtocolError, "The server's signature is wrong: it does not have the host key it shows.");
        }
    }
}
