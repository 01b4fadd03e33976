using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.KeyExchange;

/// <summary>The part of key exchange that differs between client and server: who speaks first, and who shows a host key.</summary>
internal interface IExchangeSide
{
    Proposal Proposal { get; }

    /// <summary>Begins one exchange. The client speaks first.</summary>
    IExchange Begin(ExchangeTranscript transcript, AgreedAlgorithms algorithms, SendQueue output);
}

/// <summary>One exchange under way.</summary>
internal interface IExchange : IDisposable
{
    /// <summary>Handles the peer's message of the method (30..49), which completes this side.</summary>
    ValueTask<ExchangeResult> HandleAsync(ReadOnlyMemory<byte> packet);
}
