using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Configuration;

/// <summary>How the SSH connections of one identity are kept and shared. Profiles that differ in this do not share.</summary>
public sealed record PoolOptions
{
    /// <summary>
    /// How long a connection that nobody uses is kept: zero closes it with its last channel, <see cref="Timeout.InfiniteTimeSpan"/>
    /// keeps it always and makes it anew when it is lost.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Connections over which data channels are spread, all to the address that the session's control channel uses. Those of active mode
    /// stay on the control channel's own. Through a jump host or a proxy, which choose the address, there is no spreading.
    /// </summary>
    public int ConnectionsPerIdentity { get; init; } = 1;

    /// <summary>
    /// Channels on one connection; an FTP session counts as two. More sessions need another connection. Each channel is a descriptor in
    /// sshd, whose process has 1024 of them by default.
    /// </summary>
    public int MaxChannelsPerConnection { get; init; } = 1000;

    /// <summary>Whether a connection is kept while nobody uses it.</summary>
    internal bool Keeps => IdleTimeout == Timeout.InfiniteTimeSpan;

    /// <exception cref="TunnelException">A value is not possible.</exception>
    internal void Validate()
    {
        Limits.Check(IdleTimeout >= TimeSpan.Zero || Keeps, "IdleTimeout is a time from 0 on, or keeps connections always");
        Limits.Check(ConnectionsPerIdentity is >= 1 and <= 64, "ConnectionsPerIdentity is a number from 1 to 64");
        Limits.Check(MaxChannelsPerConnection is >= 2 and <= 16384, "MaxChannelsPerConnection is a number from 2 to 16384");
    }
}
