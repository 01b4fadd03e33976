using System.Buffers.Text;

namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// How data is sent at the moment: what the client has set and the server has agreed to. RFC 959, sections 4.1.2 and 5.1 (the defaults);
/// REST: RFC 3659, section 5; EPSV ALL: RFC 2428, section 4. Owned by the session's actor.
/// </summary>
internal sealed class TransferParameters
{
    /// <summary>TYPE: A (the default), E, I or L.</summary>
    public char Type { get; private set; } = 'A';

    /// <summary>MODE: S (stream, the default), B (block), C (compressed), and Z (deflate) of later drafts.</summary>
    public char Mode { get; private set; } = 'S';

    /// <summary>STRU: F (the default), R or P.</summary>
    public char Structure { get; private set; } = 'F';

    /// <summary>The next transfer begins elsewhere than at the beginning.</summary>
    public bool Restarts { get; private set; }

    /// <summary>Where, in bytes of the file; 0 when that is not told in bytes.</summary>
    public long RestartOffset { get; private set; }

    /// <summary>
    /// The end of a file is marked in the data, so that one connection may carry many files: blocks (RFC 959, sections 3.4.2 and 3.4.3) and
    /// records (section 3.4.1). Otherwise the end of the connection marks it.
    /// </summary>
    public bool EndsInBand => Mode is 'B' or 'C' || Structure == 'R';

    /// <summary>The client has promised to ask for nothing but EPSV.</summary>
    public bool IsExtendedOnly { get; private set; }

    /// <summary>A command of the client that is answered.</summary>
    public void Accept(FtpCommand command, FtpReply final)
    {
        var succeeded = final.Kind == ReplyKind.Completion;
        switch (command.Verb)
        {
            case FtpVerb.Type when succeeded:
                Type = First(command, Type);
                break;
            case FtpVerb.Mode when succeeded:
                Mode = First(command, Mode);
                break;
            case FtpVerb.Stru when succeeded:
                Structure = First(command, Structure);
                break;
            case FtpVerb.Rest when final.Kind != ReplyKind.Intermediate:
                RestartOffset = 0; // One that was agreed to before may still hold.
                break;
            case FtpVerb.Rest:
                Restarts = !command.ArgumentIs("0");
                RestartOffset = Restarts && Utf8Parser.TryParse(command.Argument, out long offset, out _) && offset > 0 ? offset : 0;
                break;
            case FtpVerb.Epsv when succeeded && command.ArgumentIs("ALL"):
                IsExtendedOnly = true;
                break;
            case FtpVerb.Rein when succeeded:
                (Type, Mode, Structure, Restarts, RestartOffset, IsExtendedOnly) = ('A', 'S', 'F', false, 0, false);
                break;
            default:
                // REST is about the transfer that follows it, and about nothing after that.
                if (command.Direction != TransferDirection.None)
                    (Restarts, RestartOffset) = (Restarts && !UsesRestart(command, final), 0);
                break;
        }
    }

    // Servers differ (vsftpd keeps it through a listing). In doubt it holds: an upload that begins in the middle of a file has to have that
    // file's name.
    private static bool UsesRestart(FtpCommand command, FtpReply final) =>
        command.Verb is not (FtpVerb.List or FtpVerb.Nlst or FtpVerb.Mlsd) && final.Kind != ReplyKind.PermanentNegative;

    private static char First(FtpCommand command, char current) =>
        command.Argument.IsEmpty ? current : char.ToUpperInvariant((char)command.Argument[0]);
}
