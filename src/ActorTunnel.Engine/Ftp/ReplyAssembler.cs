using System.Buffers;
using System.Globalization;

namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// Makes replies of a server's lines (RFC 959, section 4.2):
/// <code>
/// nnn SP text        a whole reply
/// nnn-text           begins one of several lines
/// anything           even another code
/// nnn SP text        the same code again ends it
/// </code>
/// Some servers end with the bare code. A line that is no reply is passed on by itself, so that nothing a server says gets stuck.
/// </summary>
internal sealed class ReplyAssembler
{
    /// <summary>
    /// Bytes of a multi-line reply that are held. A longer one (STAT of a big directory) leaves in parts, which are not complete; what
    /// the engine rewrites stands in the last lines.
    /// </summary>
    public const int MaxHeld = 256 * 1024;

    private const int CodeLength = 3;

    private ArrayBufferWriter<byte> _held = new();
    private int _code;

    /// <summary>Takes the next line, with its end; gives what can go on now, if anything.</summary>
    public FtpReply? Add(ReadOnlyMemory<byte> line)
    {
        var code = ReadCode(line.Span, out var separator);
        if (_code == 0)
        {
            if (code == 0 || separator != '-')
                return new FtpReply(code, line);
            _code = code;
        }
        else if (code == _code && separator is ' ' or '\r' or '\n')
        {
            return Take(line.Span, isComplete: true);
        }

        if (_held.WrittenCount + line.Length > MaxHeld)
            return Take(line.Span, isComplete: false);
        _held.Write(line.Span);
        return null;
    }

    /// <summary>At the end of the stream: the lines of a reply that will never be complete, so that the client sees them.</summary>
    public FtpReply? TakeUnfinished() => _held.WrittenCount == 0 ? null : Take([], isComplete: false);

    private FtpReply Take(ReadOnlySpan<byte> lastLine, bool isComplete)
    {
        _held.Write(lastLine);
        var reply = new FtpReply(_code, _held.WrittenSpan.ToArray(), isComplete);
        _held = new ArrayBufferWriter<byte>();
        if (isComplete)
            _code = 0;
        return reply;
    }

    /// <summary>Three digits from 100 up and no fourth; otherwise 0.</summary>
    private static int ReadCode(ReadOnlySpan<byte> line, out char separator)
    {
        separator = line.Length > CodeLength ? (char)line[CodeLength] : '\n';
        if (line.Length < CodeLength || line[..CodeLength].ContainsAnyExceptInRange((byte)'0', (byte)'9') || char.IsAsciiDigit(separator))
            return 0;
        var code = int.Parse(line[..CodeLength], NumberStyles.None, CultureInfo.InvariantCulture);
        return code >= 100 ? code : 0;
    }
}
