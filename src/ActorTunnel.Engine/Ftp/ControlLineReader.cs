using System.Buffers;

namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// Cuts a control connection into lines. RFC 959, section 4.1.3 ends a line with CR LF; many clients and some servers send LF
/// alone. A bare CR never ends a line: it may be part of a file name, and Telnet sends it as CR NUL. A line keeps its end as it came,
/// because it goes on as it came, and whole: some servers hang when a segment ends between CR and LF.
/// </summary>
internal static class ControlLineReader
{
    /// <summary>Bytes of the longest line, its end included. Path names are at most 4 KiB on the systems that serve files.</summary>
    public const int MaxLineLength = 16 * 1024;

    /// <summary>Takes one line from the front of <paramref name="buffer"/>, or leaves it alone.</summary>
    /// <param name="buffer">What has come and is not consumed yet; on <see cref="LineStatus.Line"/> it loses that line.</param>
    /// <param name="endOfStream">Nothing more will come.</param>
    /// <param name="line">A copy of the line with its end, owned by the caller.</param>
    public static LineStatus Read(ref ReadOnlySequence<byte> buffer, bool endOfStream, out byte[] line)
    {
        line = [];
        var window = buffer.Slice(0, Math.Min(buffer.Length, MaxLineLength));
        if (window.PositionOf((byte)'\n') is { } end)
        {
            var next = buffer.GetPosition(1, end);
            line = buffer.Slice(0, next).ToArray();
            buffer = buffer.Slice(next);
            return LineStatus.Line;
        }

        if (window.Length == MaxLineLength)
            return LineStatus.TooLong;
        if (!endOfStream)
            return LineStatus.NeedMore;
        return buffer.IsEmpty ? LineStatus.End : LineStatus.CutOff;
    }
}

/// <summary>What <see cref="ControlLineReader.Read"/> found.</summary>
internal enum LineStatus
{
    /// <summary>A line.</summary>
    Line,

    /// <summary>No whole line yet.</summary>
    NeedMore,

    /// <summary>The stream ended after a whole line.</summary>
    End,

    /// <summary>The stream ended in the middle of a line: the peer is gone, and what it said last must not be acted upon.</summary>
    CutOff,

    /// <summary>There is no line end within <see cref="ControlLineReader.MaxLineLength"/> bytes.</summary>
    TooLong,
}
