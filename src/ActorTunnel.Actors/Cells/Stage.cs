namespace ActorTunnel.Actors.Cells;

/// <summary>Where an actor is in its life. The middle three wait until all children that were told to stop have terminated.</summary>
internal enum Stage : byte
{
    /// <summary>Nothing waits for children.</summary>
    Normal,

    /// <summary>The first incarnation failed to be made and is to be tried again.</summary>
    Creating,

    /// <summary>The next incarnation is to be made.</summary>
    Recreating,

    /// <summary>The end is near.</summary>
    Terminating,

    /// <summary>Only the reference is left.</summary>
    Terminated,
}
