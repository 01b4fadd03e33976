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
/// Some servers end with the bare code, and some with another one: that is found out when they say no more (<see cref="TakePaused"/>). A
/// line that is no reply is passed on by itself, so that nothing a server says gets stuck. What is too long to hold leaves in parts.
/// </summary>
internal sealed class ReplyAssembler
{
    /// <summary>
    /// Bytes of a multi-line reply that are held. A longer one (STAT of a big directory) leaves in parts, which are not complete.
    /// </summary>
    public const int MaxHeld = 256 * 1024;

    private const int CodeLength = 3;

    private ArrayBufferWriter<byte> _held = new();
    private int _code;

    // The last line as far as it has come: it ends the reply; it ends one of this code, and not the one it is in (otherwise 0).
    private bool _isLastLine;
    private int _otherCode;
    private bool _isInLine;
    private bool _hasParted;

    // The code of the reply that was ended by a pause, while it may still go on (otherwise 0); and that it has done so.
    private int _endedByPause;
    private bool _goesOn;

    /// <summary>A reply has begun and not ended.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The code of the reply that has begun.</summary>
    public int Code => _code;

    /// <summary>Takes the next line with its end, or a part of a line without; gives what can go on now, if anything.</summary>
    public FtpReply? Add(ReadOnlyMemory<byte> line)
    {
        if (!_isInLine)
            BeginLine(line.Span);
        _isInLine = line.Span is not [.., (byte)'\n'];
        if (_isLastLine)
            return Take(line, isComplete: !_isInLine);
        if (_held.WrittenCount + line.Length > MaxHeld)
            return Take(line, isComplete: false);
        _held.Write(line.Span);
        return null;
    }

    /// <summary>
    /// The server has said nothing for a while, in the middle of a reply. When its last line ends a reply of another code, it has taken that
    /// for the end, and so do clients that are not strict: the reply ends there, and the worse of the two codes counts. Should it go on
    /// with text after all, the rest is nobody's reply.
    /// Otherwise, if <paramref name="mayPart"/>, the lines go on that have been held, and the reply is still open.
    /// </summary>
    public FtpReply? TakePaused(bool mayPart)
    {
        if (_otherCode > 0 && !_isInLine)
        {
            _endedByPause = _goesOn ? 0 : _code;
            if (_goesOn || IsOtherWorse)
                _code = _otherCode;
            _hasParted &= !_goesOn; // What has ended long ago does not go on with another code: that is a reply of its own.
            return Take(default, isComplete: true);
        }

        return mayPart ? TakeUnfinished() : null;
    }

    /// <summary>At the end of the stream: the lines of a reply that will never be complete, so that the client sees them.</summary>
    public FtpReply? TakeUnfinished() => _held.WrittenCount == 0 ? null : Take(default, isComplete: false);

    /// <summary>
    /// The worse of the two kinds. But what is in information (21z) is no outcome: that of a STAT would be taken for the transfer's.
    /// </summary>
    private bool IsOtherWorse => _otherCode / 100 > _code / 100 && _code / 10 != 21;

    private void BeginLine(ReadOnlySpan<byte> line)
    {
        var code = ReadCode(line, out var separator);
        var isEnd = separator is ' ' or '\r' or '\n';
        if (IsOpen)
        {
            _isLastLine = code == _code && isEnd;
            _otherCode = isEnd ? code : 0;
            return;
        }

        IsOpen = true;
        _otherCode = 0;
        _goesOn = _hasParted = code == 0 && _endedByPause > 0;
        _code = _goesOn ? _endedByPause : code;
        _isLastLine = !_goesOn && (code == 0 || separator != '-');
        _endedByPause = 0;
    }

    private FtpReply Take(ReadOnlyMemory<byte> last, bool isComplete)
    {
        if (_held.WrittenCount > 0)
        {
            _held.Write(last.Span);
            last = _held.WrittenSpan.ToArray();
            _held = new ArrayBufferWriter<byte>();
        }

        var reply = new FtpReply(_code, last, isComplete, _hasParted);
        _hasParted = !isComplete;
        IsOpen = !isComplete;
        return reply;
    }

    /// <summary>Three digits from 100 up and no fourth, behind Telnet commands if there are any; otherwise 0.</summary>
    private static int ReadCode(ReadOnlySpan<byte> line, out char separator)
    {
        while (Telnet.CommandLength(line) is > 0 and var length)
            line = line[length..];
        separator = line.Length > CodeLength ? (char)line[CodeLength] : '\n';
        if (line.Length < CodeLength || line[..CodeLength].ContainsAnyExceptInRange((byte)'0', (byte)'9') || char.IsAsciiDigit(separator))
            return 0;
        var code = int.Parse(line[..CodeLength], NumberStyles.None, CultureInfo.InvariantCulture);
        return code >= 100 ? code : 0;
    }
}
