using System.Globalization;

namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// An upload about which the server is asked more than to take it: whether it has all of it (SIZE: RFC 3659, section 4), and to give it its
/// name when it is complete (RNFR, RNTO: RFC 959, section 4.1.3). Owned by the session's actor.
/// </summary>
internal sealed class Upload(FtpCommand command)
{
    private ReadOnlyMemory<byte>? _chosenByServer;

    /// <summary>The client's.</summary>
    public FtpCommand Command => command;

    /// <summary>Its name until it is complete; null: it has its own from the start.</summary>
    public TemporaryName? Temporary { get; init; }

    /// <summary>Its size is to be compared.</summary>
    public bool IsVerified { get; init; }

    /// <summary>It goes on with a file that is there, from this byte (REST: RFC 3659, section 5); 0: it does not.</summary>
    public long Offset { get; init; }

    /// <summary>The server has begun to store it.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>What the server is told for the client's command.</summary>
    public ReadOnlyMemory<byte> Line => Temporary is { } name ? FtpCommand.Create("STOR", name.Path.Span).Line : command.Line;

    /// <summary>By which name the server knows the file, when it has stored it; null: it has not said.</summary>
    public ReadOnlyMemory<byte>? StoredAs =>
        command.Verb == FtpVerb.Stou ? _chosenByServer : Temporary?.Path ?? command.ExactArgument.ToArray();

    /// <summary>A preliminary reply, and what the client is told for it.</summary>
    // RFC 1123, section 4.1.2.9, for STOU:
    //   125 or 150, SP, "FILE: ", path name, CRLF
    public FtpReply Begin(FtpReply preliminary)
    {
        HasBegun |= preliminary.Kind == ReplyKind.Preliminary;
        if (preliminary.Bytes.Span is [(byte)'1', (byte)'2' or (byte)'5', _, .. var text, (byte)'\r', (byte)'\n']
            && text.StartsWith(" FILE: "u8) && !text.Contains((byte)'\n'))
        {
            _chosenByServer = text[" FILE: "u8.Length..].ToArray();
        }

        return Hide(preliminary);
    }

    /// <summary>What the client is told for a reply that speaks of the file.</summary>
    public FtpReply Hide(FtpReply reply) => Temporary?.Hide(reply) ?? reply;

    /// <summary>Whether all of it is there. What an upload with an offset writes over may have been longer.</summary>
    public bool IsWhole(long size, long sent) => Offset == 0 ? size == sent : size >= Offset + sent;

    /// <summary>213 and a number; null: the server does not tell.</summary>
    // RFC 3659, section 4:
    //   "213", SP, 1*DIGIT, CRLF
    public static long? ParseSize(FtpReply reply) =>
        reply is { Code: 213, IsWhole: true }
        && long.TryParse(reply.Bytes.Span[3..].Trim(" \r\n"u8), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? size
            : null;
}
