namespace ActorTunnel.Engine.Tests.Sessions.Dialogues;

/// <summary>
/// One thing that the client says, and what the server does when it hears it. Each makes sense in any company, so that any part of a
/// dialogue is one. Lines are Latin 1 with their ends; '#' stands for an endpoint.
/// </summary>
internal abstract record Turn(string Line)
{
    /// <summary>What the client has read before it says this.</summary>
    public Wait Wait { get; init; }

    /// <summary>What the server says unasked behind its answer.</summary>
    public string[] Unasked { get; init; } = [];

    /// <summary>The tunnel may answer it by itself.</summary>
    public virtual bool MayBeOurs => false;
}

internal enum Wait
{
    /// <summary>It is pipelined.</summary>
    Nothing,

    /// <summary>The 150 of the transfer before it.</summary>
    Begin,

    /// <summary>All replies so far.</summary>
    Replies,
}

/// <summary>What means nothing to a tunnel.</summary>
internal sealed record Plain(string Line, string[] Replies) : Turn(Line);

/// <summary>What reaches the other side otherwise than it was said.</summary>
internal sealed record Translated(string Line, string Heard, string[] Replies, string[] HeardReplies) : Turn(Line);

/// <summary>What never reaches the server.</summary>
internal sealed record Refused(string Line, int Code) : Turn(Line)
{
    public override bool MayBeOurs => true;
}

/// <summary>REIN, which takes back what was promised.</summary>
internal sealed record Restart(string Line, string[] Replies) : Turn(Line);

/// <summary>EPSV ALL.</summary>
internal sealed record Promise(string Line) : Turn(Line)
{
    public override bool MayBeOurs => true;
}

/// <summary>PASV or EPSV.</summary>
/// <param name="Line">The command.</param>
/// <param name="Verb">PASV or EPSV.</param>
/// <param name="Listens">The server's answer with an endpoint, if it is asked in these words.</param>
/// <param name="Fails">Its answer without one, in whatever words it is asked; empty: it listens.</param>
internal sealed record AskPassive(string Line, string Verb, string[] Listens, string[] Fails) : Turn(Line)
{
    public override bool MayBeOurs => true;
}

/// <summary>PORT or EPRT.</summary>
/// <param name="Line">The command.</param>
/// <param name="Replies">The server's answer, if it is asked to connect.</param>
/// <param name="Fails">Its answer if it is asked to listen; empty: it listens.</param>
internal sealed record OfferActive(string Line, string[] Replies, string[] Fails) : Turn(Line)
{
    public override bool MayBeOurs => true;
}

/// <param name="Line">The command.</param>
/// <param name="IsUpload">Which way the data goes.</param>
/// <param name="Story">How it goes.</param>
/// <param name="Bytes">That the sender sends, whatever becomes of them.</param>
/// <param name="Begin">The preliminary reply; the server says it unless it refuses.</param>
/// <param name="Final">The final reply, if the story leaves it to the server.</param>
internal sealed record Transfer(string Line, bool IsUpload, Story Story, int Bytes, string[] Begin, string[] Final) : Turn(Line)
{
    /// <summary>The client connects as soon as it can, or when it has read the preliminary reply.</summary>
    public bool ConnectsEarly { get; init; }

    /// <summary>How far the server lets an upload be renamed that has a temporary name.</summary>
    public Renaming Renaming { get; init; }

    public override bool MayBeOurs => true;
}

internal enum Renaming
{
    Done,
    RefusedAtOnce,
    RefusedInTheEnd,
}

internal enum Story
{
    Whole,

    /// <summary>Of a download: the final reply comes before the end of the data.</summary>
    ReplyFirst,

    /// <summary>Without a preliminary reply.</summary>
    Refused,

    /// <summary>The client stays away, and the server gives up.</summary>
    NoConnection,

    ServerFails,

    /// <summary>Of an upload: the server says that it has all, and has not.</summary>
    ServerIsHasty,

    /// <summary>The client resets its data connection.</summary>
    ClientResets,

    // The rest is the end of the session too.
    ClientLeaves,
    ServerSays421,
    ServerLeaves,
    WireIsCut,
}

/// <summary>With the answer of a server that transfers nothing at the moment.</summary>
internal sealed record Abort(string Line, string[] Replies) : Turn(Line);

internal sealed record Stat(string Line, string[] Replies) : Turn(Line);

internal sealed record Quit(string Line, string[] Replies) : Turn(Line);
