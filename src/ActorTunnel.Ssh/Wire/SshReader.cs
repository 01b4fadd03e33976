using System.Buffers.Binary;
using System.Text;

namespace ActorTunnel.Ssh.Wire;

/// <summary>
/// Reads the data types of RFC 4251, section 5 from a packet, which is contiguous. Whatever does not fit throws
/// <see cref="SshException"/> with <see cref="SshFailure.ProtocolError"/>: lengths come from the peer and are never believed.
/// </summary>
internal ref struct SshReader(ReadOnlySpan<byte> data)
{
    private static readonly UTF8Encoding _strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = data;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte ReadByte() => Take(1)[0];

    /// <summary>All non-zero values are true.</summary>
    public bool ReadBoolean() => ReadByte() != 0;

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    /// <summary>string: uint32 length, then that many bytes.</summary>
    public ReadOnlySpan<byte> ReadString()
    {
        var length = ReadUInt32();
        return length <= (uint)_rest.Length ? Take((int)length) : throw Malformed("a string is longer than its packet");
    }

    /// <summary>A string that is text: ISO-10646 UTF-8.</summary>
    public string ReadText()
    {
        try
        {
            return _strictUtf8.GetString(ReadString());
        }
        catch (DecoderFallbackException)
        {
            throw Malformed("a text is not UTF-8");
        }
    }

    /// <summary>
    /// A string that only people read. Servers send such texts as they stand in a file of theirs, in whatever encoding: what is not
    /// UTF-8 is replaced, because nothing depends on it.
    /// </summary>
    public string ReadDisplayText() => Encoding.UTF8.GetString(ReadString());

    /// <summary>name-list: comma-separated US-ASCII names.</summary>
    public string[] ReadNameList()
    {
        var list = ReadString();
        if (list.IsEmpty)
            return [];
        return Ascii.IsValid(list) ? Encoding.ASCII.GetString(list).Split(',') : throw Malformed("a name-list is not ASCII");
    }

    /// <summary>mpint, as the magnitude of a number that must not be negative: without leading zeros.</summary>
    public ReadOnlySpan<byte> ReadPositiveMpint()
    {
        var value = ReadString();
        if (!value.IsEmpty && (value[0] & 0x80) != 0)
            throw Malformed("a number is negative");
        return value.TrimStart((byte)0);
    }

    public ReadOnlySpan<byte> ReadBytes(int count) => Take(count);

    public readonly void ReadEnd()
    {
        if (!_rest.IsEmpty)
            throw Malformed("bytes are left over after a message");
    }

    public static SshException Malformed(string what) =>
        new(SshFailure.ProtocolError, $"The peer sent a malformed message: {what}.");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
            throw Malformed("it ends too early");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
