namespace ActorTunnel.Engine.Configuration;

/// <summary>How the SSH connections of one identity are kept and shared. Profiles that differ in this do not share.</summary>
public sealed record PoolOptions
{
    /// <summary>
    /// How long a connection that nobody uses is kept: zero closes it with its last channel, <see cref="Timeout.InfiniteTimeSpan"/>
    /// keeps one always and makes it anew when it is lost; others, made for a peak, go after 5 s.
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

    /// <summary>Which value is not possible; null: all are.</summary>
    internal string? Problem => this switch
    {
        { Keeps: false, IdleTimeout.Ticks: < 0 } or { Keeps: false, IdleTimeout.TotalDays: > 1 } =>
            "IdleTimeout is a time from 0 to a day, or keeps connections always",
        { ConnectionsPerIdentity: < 1 or > 64 } => "ConnectionsPerIdentity is a number from 1 to 64",
        { MaxChannelsPerConnection: < 2 or > 16384 } => "MaxChannelsPerConnection is a number from 2 to 16384",
        _ => null,
    };
}
