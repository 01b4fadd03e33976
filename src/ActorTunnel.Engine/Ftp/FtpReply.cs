using System.Text;

namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// A reply of one or several lines, as received; or a line that is no reply; or, of a reply too big to hold, a part. Whatever it is, its
/// bytes are for the client, in order.
/// </summary>
internal sealed class FtpReply(int code, ReadOnlyMemory<byte> bytes, bool isComplete = true, bool continues = false)
{
    /// <summary>Characters of text in a reply of our own. It may quote the other side of the tunnel.</summary>
    private const int MaxTextLength = 400;

    /// <summary>100..999, or 0 for a line that is no reply.</summary>
    public int Code => code;

    /// <summary>False for a part of a reply that is not its end.</summary>
    public bool IsComplete => isComplete;

    /// <summary>A part, whose beginning has gone before.</summary>
    public bool Continues => continues;

    /// <summary>Nothing of it has gone before, and nothing comes behind.</summary>
    public bool IsWhole => isComplete && !continues;

    /// <summary>Something has failed, and this program says so itself.</summary>
    public bool IsFailure { get; private init; }

    /// <summary>All lines with their ends.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>RFC 959, section 4.2.1: the first digit.</summary>
    public ReplyKind Kind => (code / 100) switch
    {
        0 => ReplyKind.None,
        var digit and <= 5 => (ReplyKind)digit,
        _ => ReplyKind.Unknown,
    };

    /// <summary>The last line behind the code, for people.</summary>
    public string Text
    {
        get
        {
            var line = Encoding.UTF8.GetString(bytes.Span).TrimEnd();
            line = line[(line.LastIndexOf('\n') + 1)..];
            return line.Length > 4 ? line[4..] : "";
        }
    }

    /// <summary>
    /// It settles its command. Kinds we do not know do so too: a client that waits for more than the server says is stuck.
    /// </summary>
    public bool IsFinal => IsComplete && Kind is not (ReplyKind.None or ReplyKind.Preliminary);

    /// <summary>A reply of our own that says what has failed; its session's id belongs to it (<see cref="For"/>).</summary>
    public static FtpReply Failed(int code, string text) => new(code, Create(code, text).Bytes) { IsFailure = true };

    /// <summary>A reply of our own. <paramref name="text"/> is made one line: it may quote a peer, who must not add replies.</summary>
    public static FtpReply Create(int code, string text)
    {
        var line = string.Create(Math.Min(text.Length, MaxTextLength), text, (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
                to[i] = char.IsControl(from[i]) ? ' ' : from[i];
        });
        return new FtpReply(code, Encoding.UTF8.GetBytes($"{code} {line}\r\n"));
    }

    /// <summary>
    /// As a session says it: what is a failure of ours names the session, by which its user finds it in audit and log. Behind the text, which
    /// may be cut; the id never is.
    /// </summary>
    public FtpReply For(string session) =>
        IsFailure ? new FtpReply(code, (byte[])[.. bytes.Span[..^2], .. Encoding.UTF8.GetBytes($" [{session}]\r\n")]) : this;

    /// <summary>Both, in one write.</summary>
    public FtpReply Then(FtpReply next) => new(code, (byte[])[.. bytes.Span, .. next.Bytes.Span]);

    /// <summary>The code alone: a server's text may repeat file names.</summary>
    public override string ToString() => code == 0 ? "a line without a code" : $"{code}";
}

/// <summary>RFC 959, section 4.2.1.</summary>
internal enum ReplyKind
{
    /// <summary>A line that is no reply.</summary>
    None,

    /// <summary>1yz: another reply follows.</summary>
    Preliminary,

    /// <summary>2yz: done.</summary>
    Completion,

    /// <summary>3yz: accepted, another command must follow.</summary>
    Intermediate,

    /// <summary>4yz: not done, may work later.</summary>
    TransientNegative,

    /// <summary>5yz: not done.</summary>
    PermanentNegative,

    /// <summary>A first digit above 5 (RFC 2228 uses 6 for protected replies, which a tunnel never asks for).</summary>
    Unknown,
}
