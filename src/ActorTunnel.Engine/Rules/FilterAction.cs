namespace ActorTunnel.Engine.Rules;

/// <summary>What becomes of a connection that a rule has captured.</summary>
public enum FilterAction
{
    /// <summary>It is refused.</summary>
    Block,

    /// <summary>It goes on from this machine, without SSH.</summary>
    Direct,

    /// <summary>It goes through SSH as it is.</summary>
    Tunnel,

    /// <summary>It goes through SSH as FTP, with its data connections.</summary>
    FtpTunnel,
}
