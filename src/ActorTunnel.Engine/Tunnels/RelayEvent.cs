using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>What a <see cref="RelayPump"/> tells its owner. Each at most once.</summary>
internal abstract record RelayEvent(RelayPump Pump)
{
    /// <summary>The far side has sent its last byte; some may still be on the way to the socket.</summary>
    public sealed record ChannelEof(RelayPump Pump) : RelayEvent(Pump);

    /// <summary>The socket has taken the last byte of the far side.</summary>
    public sealed record Delivered(RelayPump Pump) : RelayEvent(Pump);

    /// <summary>The local peer has sent its last byte, and all are in the channel.</summary>
    public sealed record SocketEof(RelayPump Pump) : RelayEvent(Pump);

    /// <summary>The local connection broke. Bytes may be missing in both directions.</summary>
    public sealed record SocketLost(RelayPump Pump) : RelayEvent(Pump);

    /// <summary>The channel is over.</summary>
    public sealed record ChannelEnded(RelayPump Pump, ChannelEnd End) : RelayEvent(Pump);
}
