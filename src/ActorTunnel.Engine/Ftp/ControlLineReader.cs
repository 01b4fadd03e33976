using System.Buffers;

namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// Cuts a control connection into lines. RFC 959, section 4.1.3 ends a line with CR LF; many clients and some servers send LF
/// alone. A bare CR never ends a line: it may be part of a file name, and Telnet sends it as CR NUL. A line keeps its end as it came,
/// because it goes on as it came, and whole: some servers hang when a segment ends between CR and LF. Only a line that is too long
/// comes in parts.
/// </summary>
internal static class ControlLineReader
{
    /// <summary>
    /// Bytes of the longest line that comes whole, its end included, unless something else is said. Path names are at most 4 KiB on the
    /// systems that serve files.
    /// </summary>
    public const int MaxLineLength = 16 * 1024;

    /// <summary>Takes one line, or a part of one, from the front of <paramref name="buffer"/>, or leaves it alone.</summary>
    /// <param name="buffer">What has come and is not consumed yet; it loses what is taken.</param>
    /// <param name="endOfStream">Nothing more will come.</param>
    /// <param name="line">A copy of what is taken, owned by the caller.</param>
    /// <param name="maxLength">Bytes of the longest line that comes whole, its end included.</param>
    public static LineStatus Read(
        ref ReadOnlySequence<byte> buffer,
        bool endOfStream,
        out byte[] line,
        int maxLength = MaxLineLength)
    {
        line = [];
        var window = buffer.Slice(0, Math.Min(buffer.Length, maxLength));
        if (window.PositionOf((byte)'\n') is { } end)
        {
            line = Take(ref buffer, buffer.GetPosition(1, end));
            return LineStatus.Line;
        }

        if (window.Length == maxLength)
        {
            line = Take(ref buffer, window.End);
            return LineStatus.Part;
        }

        if (!endOfStream)
            return LineStatus.NeedMore;
        return buffer.IsEmpty ? LineStatus.End : LineStatus.CutOff;
    }

    /// <summary>
    /// A handshake or an alert of TLS (RFC 8446, section 5.1): the peer has been told to speak it from the start, "implicit FTPS". No line
    /// begins so, and most likely none ends.
    /// </summary>
    public static bool BeginsTls(ReadOnlySequence<byte> line)
    {
        var reader = new SequenceReader<byte>(line);
        return reader.TryRead(out var type) && type is 21 or 22 && reader.TryRead(out var version) && version == 3;
    }

    private static byte[] Take(ref ReadOnlySequence<byte> buffer, SequencePosition end)
    {
        var taken = buffer.Slice(0, end).ToArray();
        buffer = buffer.Slice(end);
        return taken;
    }
}

/// <summary>What <see cref="ControlLineReader.Read"/> found.</summary>
internal enum LineStatus
{
    /// <summary>A line, or the last part of one.</summary>
    Line,

    /// <summary>As much as may be held of a line that goes on: it has no line end.</summary>
    Part,

    /// <summary>No whole line yet.</summary>
    NeedMore,

    /// <summary>The stream ended after a whole line.</summary>
    End,

    /// <summary>The stream ended in the middle of a line: the peer is gone, and what it said last must not be acted upon.</summary>
    CutOff,

    /// <summary>The peer speaks TLS. Nothing is taken.</summary>
    Tls,
}
