using ActorTunnel.Ssh.Authentication;

namespace ActorTunnel.Engine.Configuration;

/// <summary>
/// A profile as rules name it: what it leaves open is filled in for each session from what the application asked for
/// (<c>hostFromApplication</c>, <c>userFromApplication</c>).
/// </summary>
public sealed record ProfileTemplate
{
    /// <summary>As the configuration names it.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Makes the profile for one session. Called on actors' threads: it must not block. The same request gives profiles that may share a
    /// connection: the same credential objects, or equal ones. It throws nothing: what does not work shows when it is dialled.
    /// </summary>
    public required Func<ProfileRequest, TunnelProfile> Make { get; init; }

    /// <summary>It names no SSH server: rules that use it need <c>hostFromApplication</c>.</summary>
    public bool NeedsHost { get; init; }

    /// <summary>It names no user: rules that use it need <c>userFromApplication</c>.</summary>
    public bool NeedsUser { get; init; }
}

/// <summary>What the application says about the SSH server and the login.</summary>
/// <param name="Host">The SSH server; null: the profile's own.</param>
/// <param name="Login">The login of the FTP session; null: the profile's own.</param>
public sealed record ProfileRequest(string? Host, ApplicationLogin? Login);

/// <summary>The FTP user's name and password, as SSH credentials.</summary>
/// <param name="User">USER.</param>
/// <param name="Password">PASS; the session's, who disposes it. Profiles that are kept longer take a copy.</param>
public sealed record ApplicationLogin(string User, Secret Password);
