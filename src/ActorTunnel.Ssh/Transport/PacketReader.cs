using System.Runtime.CompilerServices;
using ActorTunnel.Ssh.Protection;

namespace ActorTunnel.Ssh.Transport;

/// <summary>
/// Reads binary packets (RFC 4253, section 6) from the stream into one contiguous buffer and opens them in place. Owned by the
/// receive loop, as are the buffer and the incoming key and sequence number.
/// </summary>
internal sealed class PacketReader(Stream stream, TimeProvider time) : IDisposable
{
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(PacketLimits.ReceiveBufferSize);
    private IPacketOpener _opener = new PlainProtection();
    private int _start;
    private int _end;
    private int _current;
    private long _lastReceived = time.GetTimestamp();

    /// <summary>The sequence number of the packet that was read last.</summary>
    public uint SequenceNumber { get; private set; } = uint.MaxValue;

    /// <summary>When the last whole packet came (or this began), as a timestamp of the <see cref="TimeProvider"/>. From any thread.</summary>
    public long LastReceived => Volatile.Read(ref _lastReceived);

    public TrafficCounter Traffic { get; } = new();

    /// <summary>The peer's version line, read before the first packet; empty lines and greetings before it are dropped.</summary>
    public async ValueTask<string> ReadVersionAsync()
    {
        for (var lines = 0; lines <= VersionLine.MaxLinesBefore;)
        {
            if (!VersionLine.TryRead(_buffer.AsSpan(_start.._end), out var consumed, out var version))
            {
                await FillAsync().ConfigureAwait(false);
                continue;
            }

            _start += consumed;
            if (version is not null)
                return version;
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
        if (resetSequenceNumber)
            SequenceNumber = uint.MaxValue;
        Traffic.Reset();
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
        var sequenceNumber = unchecked(SequenceNumber + 1);
        var length = _opener.ReadLength(sequenceNumber, available);
        var padded = (_opener.LengthIsPadded ? 4 : 0) + length;
        if (length is < PacketLimits.MinPacketLength or > PacketLimits.MaxPacketLength || padded % _opener.BlockSize != 0)
            throw Malformed("its length is not possible");
        var size = 4 + (int)length + _opener.TagSize;
        if (available.Length < size)
            return false;

        if (!_opener.TryOpen(sequenceNumber, available[..size]))
            throw new SshException(SshFailure.ProtocolError, "A packet from the peer did not authenticate: it was altered on its way.");
        var padding = available[4];
        if (padding < PacketLimits.MinPadding || padding > length - 2)
            throw Malformed("its padding is not possible");
        payload = _buffer.AsMemory(_start + PacketLimits.HeaderSize, (int)length - 1 - padding);
        _current = size;
        SequenceNumber = sequenceNumber;
        Traffic.Add(size);
        Volatile.Write(ref _lastReceived, time.GetTimestamp());
        return true;
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
}
