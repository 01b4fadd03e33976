namespace ActorTunnel.Ssh.Transport;

/// <summary>What passed in one direction under one key (RFC 4253, section 9). Owned by that direction's loop.</summary>
internal sealed class TrafficCounter
{
    /// <summary>RFC 4344, section 3.1: rekey before the sequence number has gone round.</summary>
    private const int MaxPackets = int.MaxValue;

    private long _bytes;
    private int _packets;

    public void Add(int bytes)
    {
        _bytes += bytes;
        _packets++;
    }

    public void Reset()
    {
        _bytes = 0;
        _packets = 0;
    }

    public bool IsSpent(long maxBytes) => _bytes >= maxBytes || _packets == MaxPackets;
}
