namespace ActorTunnel.Ssh.Channels;

/// <summary>
/// How many bytes the peer may send (RFC 4254, section 5.2). At any time the window's size is the sum of what is granted, what was
/// received and is not consumed, and what was consumed and is owed. Guarded by its channel's lock.
/// </summary>
internal sealed class ReceiveWindow
{
    /// <summary>More than this is never owed: a sender far away should not wait for half of a large window.</summary>
    private const int MaxOwed = 1024 * 1024;

    private readonly int _maximum;
    private int _size;
    private int _granted;
    private int _held;
    private int _owed;
    private long _keptUp;

    public ReceiveWindow(ChannelWindow window)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(window.Initial);
        ArgumentOutOfRangeException.ThrowIfLessThan(window.Maximum, window.Initial);
        _size = _granted = window.Initial;
        _maximum = window.Maximum;
    }

    /// <summary>The peer has sent bytes: false when it had no right to.</summary>
    public bool TryReceive(int bytes)
    {
        if (bytes > _granted)
            return false;
        _granted -= bytes;
        _held += bytes;
        return true;
    }

    /// <summary>
    /// Bytes were consumed. Gives what is to be granted now: in portions, because each costs a message. A receiver that consumed a
    /// whole window and never had half of it waiting gets one of twice the size.
    /// </summary>
    public int Credit(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _held);
        _keptUp = _held > _size / 2 ? 0 : _keptUp + bytes;
        _held -= bytes;
        _owed += bytes;
        if (_keptUp >= _size && _size < _maximum)
            Grow();
        if (_owed < Math.Min(_size / 2, MaxOwed) || _owed == 0)
            return 0;

        var grant = _owed;
        _granted += grant;
        _owed = 0;
        return grant;
    }

    private void Grow()
    {
        var growth = Math.Min(_size, _maximum - _size);
        _size += growth;
        _owed += growth;
        _keptUp = 0;
    }
}
