using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ActorTunnel.Ssh.Wire;

/// <summary>Writes the data types of RFC 4251, section 5.</summary>
internal readonly ref struct SshWriter(IBufferWriter<byte> output)
{
    public void WriteByte(byte value) => Take(1)[0] = value;

    public void WriteBoolean(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    public void WriteBytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    public void WriteString(ReadOnlySpan<byte> value)
    {
        WriteUInt32((uint)value.Length);
        WriteBytes(value);
    }

    public void WriteText(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        WriteUInt32((uint)length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    public void WriteNameList(IEnumerable<string> names) => WriteText(string.Join(',', names));

    /// <summary>mpint of a non-negative number given as big-endian magnitude, leading zeros allowed.</summary>
    public void WritePositiveMpint(ReadOnlySpan<byte> magnitude)
    {
        magnitude = magnitude.TrimStart((byte)0);
        var sign = !magnitude.IsEmpty && (magnitude[0] & 0x80) != 0 ? 1 : 0;
        WriteUInt32((uint)(magnitude.Length + sign));
        if (sign == 1)
            WriteByte(0);
        WriteBytes(magnitude);
    }

    private Span<byte> Take(int count)
    {
        var span = output.GetSpan(count)[..count];
        output.Advance(count);
        return span;
    }
}
