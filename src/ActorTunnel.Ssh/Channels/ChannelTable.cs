using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Channels;

/// <summary>
/// The channels of a connection under the numbers this side gave them. A number is reserved before its channel exists: while the
/// peer is asked, or while this side has not answered.
/// </summary>
internal sealed class ChannelTable
{
    private readonly Lock _gate = new(); // guards all below
    private readonly Stack<uint> _free = new();
    private TunnelChannel?[] _channels = new TunnelChannel?[8];
    private uint _used; // numbers below have been in use
    private SshException? _closed;

    /// <summary>Numbers that are reserved.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _closed is null ? (int)_used - _free.Count : 0;
        }
    }

    /// <summary>Null when there are as many as there can be.</summary>
    /// <exception cref="SshException">The connection is over.</exception>
    public uint? Reserve()
    {
        lock (_gate)
        {
            if (_closed is not null)
                throw new SshException(_closed.Failure, _closed.Message);
            if (_free.TryPop(out var number))
                return number;
            if (_used == PacketLimits.MaxChannels)
                return null;
            if (_used == _channels.Length)
                Array.Resize(ref _channels, _channels.Length * 2);
            return _used++;
        }
    }

    /// <summary>Puts a channel under its reserved number. It is lost at once when the connection is over.</summary>
    public void Set(uint number, TunnelChannel channel)
    {
        lock (_gate)
        {
            if (_closed is null)
            {
                _channels[number] = channel;
                return;
            }
        }

        channel.Lose();
    }

    /// <exception cref="SshException">RFC 4254, section 5: the peer named a channel that is not open.</exception>
    public TunnelChannel Get(uint number)
    {
        lock (_gate)
        {
            return number < (uint)_channels.Length && _channels[number] is { } channel
                ? channel
                : throw new SshException(SshFailure.ProtocolError, $"The peer named channel {number}, which is not open.");
        }
    }

    public void Release(uint number)
    {
        lock (_gate)
        {
            if (_closed is not null)
                return;
            _channels[number] = null;
            _free.Push(number);
        }
    }

    /// <summary>The connection is over: all channels are lost, and there will be no other.</summary>
    public void Close(SshException cause)
    {
        TunnelChannel?[] lost;
        lock (_gate)
        {
            _closed = cause;
            lost = _channels;
            _channels = [];
        }

        foreach (var channel in lost)
            channel?.Lose();
    }
}
