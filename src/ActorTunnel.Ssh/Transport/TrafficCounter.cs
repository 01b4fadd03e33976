namespace ActorTunnel.Ssh.Transport;

/// <summary>What passed in one direction under one key (RFC 4253, section 9). Owned by that direction's loop.</summary>
internal sealed class TrafficCounter(TimeProvider time)
{
    /// <summary>RFC 4344, section 3.1: rekey before the sequence number has gone round.</summary>
    private const uint MaxPackets = 1u << 31;

    /// <summary>
    /// RFC 4344, section 3.2: at most 2^(L/4) blocks of L bits under one key, which is 2^32 blocks of AES. Short blocks, and stream
    /// ciphers that count as such, get 1 GiB, as in OpenSSH.
    /// </summary>
    private const int BlocksPowerOfAes = 32;
    private const int AesBlockSize = 16;
    private const long MaxBytesOfShortBlocks = 1L << 30;

    private long _bytes;
    private uint _packets;
    private long _maxBytes = long.MaxValue;
    private long _since = time.GetTimestamp();

    /// <summary>From any thread.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>For tests: as many packets have passed already.</summary>
    public void Skip(uint packets) => _packets = packets;

    /// <summary>
    /// False when as many packets have passed as there are sequence numbers: the next would be protected as the first was.
    /// </summary>
    public bool TryAdd(int bytes)
    {
        Volatile.Write(ref _bytes, _bytes + bytes);
        return ++_packets != 0;
    }

    /// <summary>A new key, of a cipher with blocks of this size.</summary>
    public void Reset(int blockSize)
    {
        Volatile.Write(ref _bytes, 0);
        _packets = 0;
        _maxBytes = blockSize >= AesBlockSize ? (long)blockSize << BlocksPowerOfAes : MaxBytesOfShortBlocks;
        _since = time.GetTimestamp();
    }

    /// <summary>
    /// The key has done its work. At least one packet must have passed: a limit smaller than a packet would do nothing but exchange
    /// keys, and a key that protected nothing needs no successor, however old it is.
    /// </summary>
    public bool IsSpent(RekeyLimit limit) => _packets > 0
        && (_bytes >= Math.Min(limit.Bytes, _maxBytes)
            || _packets >= MaxPackets
            || (limit.Interval is { } interval && time.GetElapsedTime(_since) >= interval));
}
