using System.Buffers;
using System.Text;

namespace ActorTunnel.Engine.Tests.Ftp;

/// <summary>Test text is Latin-1: one character is one byte, whatever the byte.</summary>
internal static class Bytes
{
    public static byte[] Of(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    public static string Text(ReadOnlyMemory<byte> bytes) => Text(bytes.Span);

    /// <summary>The bytes in segments of the given lengths, taken in turn.</summary>
    public static ReadOnlySequence<byte> Split(byte[] bytes, IReadOnlyList<int> lengths)
    {
        var first = new Segment(default, null);
        var last = first;
        for (int at = 0, turn = 0; at < bytes.Length; turn++)
        {
            var length = Math.Min(lengths.Count == 0 ? bytes.Length : Math.Max(1, lengths[turn % lengths.Count]), bytes.Length - at);
            last = new Segment(bytes.AsMemory(at, length), last);
            at += length;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is null)
                return;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
