namespace ActorTunnel.Actors;

/// <summary>What a supervisor does about a child that failed.</summary>
public enum Directive
{
    /// <summary>Go on with the next message, keeping the incarnation.</summary>
    Resume,

    /// <summary>Replace the incarnation; keep the reference and the queued messages.</summary>
    Restart,

    /// <summary>Fail itself with the same exception.</summary>
    Escalate,

    /// <summary>Stop the child.</summary>
    Stop,
}
