using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>What a configuration file means.</summary>
public sealed record ProxyConfiguration
{
    /// <summary>The SOCKS proxy, without the users of <see cref="UsersFile"/>; null: there is none.</summary>
    public SocksOptions? Socks { get; init; }

    /// <summary>The file of users of the SOCKS proxy, as it is written; null: there are none.</summary>
    public string? UsersFile { get; init; }

    /// <summary>The FTP proxy; null: there is none.</summary>
    public FtpProxyOptions? FtpProxy { get; init; }

    /// <summary>In their order.</summary>
    public required RuleSet Rules { get; init; }

    /// <summary>As <c>-L</c>.</summary>
    public required IReadOnlyList<StaticForward> Forwards { get; init; }

    /// <summary>As <c>-R</c>.</summary>
    public required IReadOnlyList<StaticRemoteForward> RemoteForwards { get; init; }

    /// <summary>What SSH servers are asked to bear.</summary>
    public required AdmissionOptions Admission { get; init; }

    /// <summary>Where audit goes; null: nowhere.</summary>
    public AuditSection? Audit { get; init; }
}

/// <summary>A tunnel that listens here.</summary>
/// <param name="Name">For logs and audit.</param>
/// <param name="Profile">It leaves nothing open.</param>
/// <param name="Options">What is forwarded.</param>
public sealed record StaticForward(string Name, ProfileTemplate Profile, ForwardOptions Options);

/// <summary>A tunnel that listens on the SSH server.</summary>
/// <param name="Name">For logs and audit.</param>
/// <param name="Profile">It leaves nothing open.</param>
/// <param name="Options">What is forwarded.</param>
public sealed record StaticRemoteForward(string Name, ProfileTemplate Profile, RemoteForwardOptions Options);
