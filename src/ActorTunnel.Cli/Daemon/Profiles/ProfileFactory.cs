using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Cli.Daemon.Profiles;

/// <summary>
/// Makes the profile of each session: what the file leaves open is the application's. Members may be called from any thread.
/// </summary>
/// <param name="pattern">All that is the same for each session.</param>
/// <param name="login">How to log in.</param>
/// <param name="hostKeys">Whom to trust.</param>
internal sealed class ProfileFactory(TunnelProfile pattern, ProfileLogin login, HostKeyPolicies hostKeys)
{
    /// <summary>What <c>connectOnStart</c> keeps is the profile's own connection, and none that applications name a host or user for.</summary>
    public bool KeepsOwnOnly { get; init; }

    public TunnelProfile Make(ProfileRequest request)
    {
        var host = request.Host is { } asked ? HostName.Canonical(asked) : pattern.Host;
        return pattern with
        {
            Host = host,
            User = request.Login?.User ?? pattern.User,
            Credentials = login.For(request.Login),
            HostKeys = hostKeys.For(host),
            Pool = KeepsOwnOnly && request is not { Host: null, Login: null }
                ? pattern.Pool with { IdleTimeout = new PoolOptions().IdleTimeout }
                : pattern.Pool,
        };
    }
}
