using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.KeyExchange;

/// <summary>The server's side: it shows a host key and proves that it has it by signing the exchange hash.</summary>
internal sealed class ServerExchangeSide(Proposal proposal, IReadOnlyList<PrivateKey> hostKeys) : IExchangeSide
{
    public Proposal Proposal { get; } = proposal;

    public IExchange Begin(ExchangeTranscript transcript, AgreedAlgorithms algorithms, SendQueue output) =>
        new ServerExchange(
            hostKeys.First(key => key.PublicKey.SignatureAlgorithms.Contains(algorithms.HostKey)), transcript, algorithms, output);

    private sealed class ServerExchange(
        PrivateKey hostKey, ExchangeTranscript transcript, AgreedAlgorithms algorithms, SendQueue output) : IExchange
    {
        private readonly IKeyAgreement _agreement = KeyAgreements.Create(algorithms.KeyExchange);

        public ValueTask<ExchangeResult> HandleAsync(ReadOnlyMemory<byte> packet)
        {
            if ((MessageNumber)packet.Span[0] != MessageNumber.KexEcdhInit)
                throw KeyExchangeLayer.Unexpected(packet.Span[0]);
            var clientValue = KexEcdhInitMessage.Parse(packet.Span).ClientPublicValue;
            var secret = _agreement.DeriveSecret(clientValue);
            var blob = hostKey.PublicKey.Blob.Span;
            var hash = transcript.Hash(_agreement.Hash, blob, clientValue, _agreement.PublicValue.Span, secret);
            var result = new ExchangeResult(_agreement.Hash, secret, hash);
            try
            {
                output.Post(new KexEcdhReplyMessage(blob, _agreement.PublicValue.Span, hostKey.Sign(algorithms.HostKey, hash)));
                return new(result);
            }
            catch
            {
                result.Dispose();
                throw;
            }
        }

        public void Dispose() => _agreement.Dispose();
    }
}
