namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// A command whose turn has come, and how far it is. Servers answer in order, except for STAT and ABOR during a transfer: those are told
/// apart by code (<see cref="Fits"/>).
/// </summary>
internal sealed class Exchange(FtpCommand command, bool isInjected)
{
    private Stage _stage = Stage.Taken;

    private enum Stage
    {
        Taken,
        Sent,
        Started,
        Answered,
    }

    public FtpCommand Command => command;

    /// <summary>The command is ours: the client never hears of it.</summary>
    public bool IsInjected => isInjected;

    public bool IsTransfer => command.Direction != TransferDirection.None;

    /// <summary>The server has the command and owes its final reply.</summary>
    public bool AwaitsReply => _stage is Stage.Sent or Stage.Started;

    public bool WasSent => _stage != Stage.Taken;

    /// <summary>
    /// An ABOR whose transfer is over. Some servers answer both with one reply (RFC 959, section 4.1.3 wants two), so a reply may come or
    /// not, and nobody waits for it.
    /// </summary>
    public bool IsWaived { get; private set; }

    /// <summary>Whether it gets a reply that fits nobody. Not if that would be taken for a success: of PASV, or of what we have asked.</summary>
    public bool TakesUnfit(FtpReply reply) =>
        command.Verb is not (FtpVerb.Pasv or FtpVerb.Epsv) && !(isInjected && reply.Kind == ReplyKind.Completion);

    public void Sent() => _stage = Stage.Sent;

    public void Waive() => IsWaived = true;

    public void Accept(FtpReply reply)
    {
        if (reply.IsFinal)
            _stage = Stage.Answered;
        else if (reply.Kind == ReplyKind.Preliminary)
            _stage = Stage.Started;
    }

    /// <summary>Whether a server gives this reply to this command, by the codes of RFC 959, section 5.4. In doubt it does.</summary>
    public bool Fits(FtpReply reply) => command.Verb switch
    {
        // Anything else is the next command's: it must not wait for a reply that we gave away.
        FtpVerb.Abor when IsWaived => reply.Code is 225 or 226,

        // 226 and 426 are about data connections.
        FtpVerb.Stat => reply.Code is not (225 or 226 or 426),

        // Ours behind an ABOR: a refusal that comes before its success is about ABOR.
        FtpVerb.Noop when isInjected => reply.Kind == ReplyKind.Completion && reply.Code is not (225 or 226),

        // Success always names an endpoint. Any other success is a late one for an earlier command, and to take it would shift all
        // replies by one: the endpoint would then pass unseen. A server may have been asked by both, and listens where the later says.
        FtpVerb.Pasv => reply.Kind != ReplyKind.Completion || reply.Code == 227,
        FtpVerb.Epsv when !command.ArgumentIs("ALL") => reply.Kind != ReplyKind.Completion || reply.Code == 229,

        // 21z is status information. Once a transfer has started, its command was no syntax error (50z): that is about an ABOR or STAT
        // which the server did not understand.
        _ when IsTransfer => reply.Code / 10 is var group && group != 21 && (group != 50 || _stage != Stage.Started),

        // Of ours the rest is about files.
        _ when isInjected && command.Verb != FtpVerb.Abor => reply.Code is not (225 or 226),

        _ => true,
    };
}
