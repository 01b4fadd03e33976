namespace ActorTunnel.Engine.Ftp;

/// <summary>A reply and the command it belongs to.</summary>
/// <param name="Reply">What the server said.</param>
/// <param name="Command">Null: the server said it unasked, and it goes to the client as it is.</param>
/// <param name="IsInjected">The command was ours.</param>
internal readonly record struct MatchedReply(FtpReply Reply, FtpCommand? Command, bool IsInjected)
{
    /// <summary>It settles <see cref="Command"/>, which is then to be completed.</summary>
    public bool IsFinal => Command is not null && Reply.IsFinal;

    /// <summary>RFC 959, section 4.2.2: 421 may come at any time, and the server closes the connection after it.</summary>
    public bool EndsSession => Reply is { Code: 421, IsFinal: true };

    /// <summary>Not for the client.</summary>
    public bool IsSwallowed => IsInjected && !EndsSession;
}
