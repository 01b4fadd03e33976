using System.Runtime.CompilerServices;
using System.Text;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Protection;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Transport;

/// <summary>
/// Reads binary packets (RFC 4253, section 6) from the stream into one contiguous buffer and opens them in place. Owned by the
/// receive loop, as are the buffer and the incoming key and sequence number.
/// </summary>
internal sealed class PacketReader(Stream stream, TimeProvider time) : IDisposable
{
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(PacketLimits.ReceiveBufferSize);
    private IPacketOpener _opener = new PlainProtection();
    private bool _isPlain = true;
    private uint _next;
    private int _start;
    private int _end;
    private int _current;
    private long _lastReceived = time.GetTimestamp();

    /// <summary>The sequence number of the packet that was read last.</summary>
    public uint SequenceNumber
    {
        get => unchecked(_next - 1);
        init => _next = unchecked(value + 1); // for tests: as if so many packets had been read
    }

    /// <summary>
    /// When the last whole packet came (or this began), as a timestamp of the <see cref="TimeProvider"/>. From any thread.
    /// </summary>
    public long LastReceived => Volatile.Read(ref _lastReceived);

    public TrafficCounter Traffic { get; } = new(time);

    /// <summary>
    /// The peer's version line, read before the first packet. Lines before it are dropped, but when nothing follows, the last one says why:
    /// sshd has too many connections, or none for this address ("Not allowed at this time").
    /// </summary>
    public async ValueTask<string> ReadVersionAsync(int maxLinesBefore)
    {
        var greeting = "";
        for (var lines = 0; lines <= maxLinesBefore;)
        {
            if (!VersionLine.TryRead(_buffer.AsSpan(_start.._end), out var consumed, out var version))
            {
                try
                {
                    await FillAsync().ConfigureAwait(false);
                }
                catch (SshException exception) when (greeting.Length > 0)
                {
                    throw new SshException(exception.Failure, $"{exception.Message} Its last words: {greeting}", exception);
                }

                continue;
            }

            if (version is not null)
            {
                _start += consumed;
                return version;
            }

            greeting = PeerText.Line(Encoding.UTF8.GetString(_buffer, _start, consumed)).Trim();
            _start += consumed;
            lines++;
        }

        throw VersionLine.Malformed("too many lines before it");
    }

    /// <summary>The payload of the next packet. It lies in the receive buffer and is valid until the next call.</summary>
    /// <exception cref="SshException">The stream ended, or the peer broke the packet format.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync()
    {
        _start += _current;
        _current = 0;
        ReadOnlyMemory<byte> payload;
        while (!TryOpen(out payload))
            await FillAsync().ConfigureAwait(false);
        return payload;
    }

    /// <summary>The next packet comes under a new key (RFC 4253, section 7.3).</summary>
    public void ChangeKey(IPacketOpener opener, bool resetSequenceNumber)
    {
        _opener.Dispose();
        _opener = opener;
        _isPlain = false;
        if (resetSequenceNumber)
            _next = 0;
        Traffic.Reset(opener.BlockSize);
    }

    public void Dispose() => _opener.Dispose();

    // RFC 4253, section 6
    //   uint32    packet_length
    //   byte      padding_length
    //   byte[n1]  payload; n1 = packet_length - padding_length - 1
    //   byte[n2]  random padding; n2 = padding_length
    //   byte[m]   mac (Message Authentication Code - MAC); m = mac_length
    private bool TryOpen(out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        var available = _buffer.AsSpan(_start.._end);
        if (available.Length < _opener.LengthPrefix)
            return false;
        var length = _opener.ReadLength(_next, available);
        var padded = (_opener.LengthIsPadded ? 4 : 0) + length;
        if (length is < PacketLimits.MinPacketLength or > PacketLimits.MaxPacketLength || padded % _opener.BlockSize != 0)
            throw _opener.TagSize == 0 ? Malformed("its length is not possible") : Altered();
        var size = 4 + (int)length + _opener.TagSize;
        if (available.Length < size)
            return false;

        if (!_opener.TryOpen(_next, available[..size]))
            throw Altered();
        var padding = available[4];
        if (padding < PacketLimits.MinPadding || padding > length - 2)
            throw Malformed("its padding is not possible");
        payload = _buffer.AsMemory(_start + PacketLimits.HeaderSize, (int)length - 1 - padding);
        _current = size;
        Count(size);
        Volatile.Write(ref _lastReceived, time.GetTimestamp());
        return true;
    }

    /// <summary>
    /// The sequence number goes round (RFC 4253, section 6.4), but not before the first keys: whoever is in between could otherwise
    /// give the packets behind them the numbers it likes. And not all the way under one key (RFC 4344, section 3.1).
    /// </summary>
    private void Count(int size)
    {
        _next = unchecked(_next + 1);
        if ((_next == 0 && _isPlain) || !Traffic.TryAdd(size))
            throw new SshException(SshFailure.ProtocolError, "The peer sent 2^32 packets under one key.");
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FillAsync()
    {
        MakeRoom();
        int read;
        try
        {
            read = await stream.ReadAsync(_buffer.AsMemory(_end), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            throw new SshException(SshFailure.ConnectionLost, $"The SSH connection broke: {exception.Message}", exception);
        }

        if (read == 0)
        {
            throw _start == _end
                ? new SshException(SshFailure.ClosedByPeer, "The peer closed the SSH connection.")
                : new SshException(SshFailure.ConnectionLost, "The SSH connection ended in the middle of a packet.");
        }

        _end += read;
    }

    /// <summary>Moves the beginning of an unfinished packet to the front when little room is left behind it.</summary>
    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_start > _buffer.Length / 2 || _end == _buffer.Length)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
    }

    private static SshException Malformed(string what) =>
        new(SshFailure.ProtocolError, $"The peer sent a malformed packet: {what}.");

    // The same words for a length that is not possible and a wrong tag: whoever altered the packet must not learn which it was.
    private static SshException Altered() =>
        new(SshFailure.ProtocolError, "A packet from the peer did not authenticate: it was altered on its way.")
        {
            DisconnectReason = DisconnectReason.MacError,
        };
}
