using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Sessions.Socks;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Sessions;

/// <summary>Where a session of a client here goes, how, and by whose word.</summary>
internal sealed record SessionTarget
{
    /// <summary>The entry that the client came by, for audit.</summary>
    public required string Entry { get; init; }

    public required ForwardKind Kind { get; init; }

    /// <summary>Name or address, resolved by the SSH server.</summary>
    public required string Host { get; init; }

    /// <summary>1..65535.</summary>
    public required int Port { get; init; }

    /// <summary>The SSH connection; null: from this machine, without SSH.</summary>
    public required TunnelProfile? Profile { get; init; }

    public FtpOptions Ftp { get; init; } = new();

    /// <summary>Without SSH when the SSH server cannot be reached by TCP.</summary>
    public bool FallbackToPlain { get; init; }

    /// <summary>What is asked before a connection without SSH is made; null: there is none.</summary>
    public DirectCheck? Check { get; init; }

    /// <inheritdoc cref="Decision.Addresses"/>
    public IReadOnlyList<IPAddress>? Addresses { get; init; }

    /// <summary>The rule that decided; null: a fixed forward.</summary>
    public string? Rule { get; init; }

    /// <summary>The profile's name in the configuration; null: it has none.</summary>
    public string? ProfileName { get; init; }

    /// <summary>Whom the client is to the SOCKS proxy; null: nobody.</summary>
    public string? SocksUser { get; init; }

    /// <summary>The CONNECT that it has come of; null: the client has not come by SOCKS.</summary>
    public SocksOrigin? Socks { get; init; }

    /// <summary>Whom the client has logged in to the FTP server as; null: that was not seen here.</summary>
    public string? FtpUser { get; init; }

    /// <summary>
    /// Whether it goes on without SSH now: only when no SSH server has said anything, so never after a failure that could be an attack on
    /// SSH itself; and only once, because without SSH there is nothing left to fall back from.
    /// </summary>
    public bool FallsBackAfter(TunnelFailed failed) => FallbackToPlain && Profile is not null && failed.IsWithoutConnection;

    /// <summary>What a session of this client counts as before its login.</summary>
    public SessionPlace PlaceOf(IPAddress client) => new(new SessionOwner(Rule ?? Entry, Rule is not null), client, Ftp.Restrictions);

    /// <summary>For a session that goes on without SSH.</summary>
    public DirectTransport WithoutSsh(TimeProvider time) => new(
        time, Check, Addresses is null ? null : new DirectTransport.KnownHost(Host, Addresses));

    public override string ToString() => $"{Host}:{Port}";

    public static SessionTarget Of(string entry, ForwardOptions forward, TunnelProfile profile) => new()
    {
        Entry = entry,
        Kind = forward.Kind,
        Host = forward.Host,
        Port = forward.HostPort,
        Profile = profile,
        Ftp = forward.Ftp,
    };

    /// <param name="entry">The entry that the client came by.</param>
    /// <param name="decision">Not <see cref="FilterAction.Block"/>.</param>
    /// <param name="socksUser">Whom the client is to the SOCKS proxy; null: nobody.</param>
    /// <param name="login">Its FTP login, if that is the SSH login too.</param>
    public static SessionTarget Of(string entry, Decision decision, string? socksUser, ApplicationLogin? login = null)
    {
        var rule = decision.Rule!;
        return new()
        {
            Entry = entry,
            Kind = decision.Action == FilterAction.FtpTunnel ? ForwardKind.Ftp : ForwardKind.Tcp,
            Host = decision.Host,
            Port = decision.Port,
            Profile = decision.Action == FilterAction.Direct ? null : MakeProfile(rule.Profile!, decision.SshHost, login),
            Ftp = rule.Ftp,
            FallbackToPlain = rule.FallbackToPlain,
            Check = (host, port, addresses) => DirectGuard.Refusal(At(decision, host, port), addresses, OwnListeners.On(port)),
            Addresses = decision.Addresses,
            Rule = rule.Name,
            ProfileName = decision.Action == FilterAction.Direct ? null : rule.Profile!.Name,
            SocksUser = socksUser,
        };
    }

    private static TunnelProfile MakeProfile(ProfileTemplate template, string? sshHost, ApplicationLogin? login) =>
        template.Make(new ProfileRequest(sshHost, login)) with { Owner = login?.Password };

    // A destination that the rule itself gives is meant by it; an address that an FTP server announces is not.
    private static Decision At(Decision decision, string host, int port) => decision with
    {
        Rule = host == decision.Host ? decision.Rule : decision.Rule! with { Destination = null },
        Host = host,
        Port = port,
    };
}
