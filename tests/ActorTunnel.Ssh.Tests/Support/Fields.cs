using System.Buffers;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>Fields of a message, one after the other, as RFC 4251, section 5 writes them. Nothing checks whether they make sense.</summary>
internal static class Fields
{
    /// <param name="values">byte, bool, uint, string (as string), byte[] (as they are).</param>
    public static byte[] Of(params object[] values)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(output);
        foreach (var value in values)
        {
            switch (value)
            {
                case byte number:
                    writer.WriteByte(number);
                    break;
                case bool flag:
                    writer.WriteBoolean(flag);
                    break;
                case uint number:
                    writer.WriteUInt32(number);
                    break;
                case string text:
                    writer.WriteText(text);
                    break;
                case byte[] bytes:
                    writer.WriteBytes(bytes);
                    break;
                default:
                    throw new ArgumentException($"A {value.GetType()} is no field.", nameof(values));
            }
        }

        return output.WrittenSpan.ToArray();
    }
}
