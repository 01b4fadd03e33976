using System.Net;
using ActorTunnel.Cli.Authentication;
using ActorTunnel.Cli.CommandLine;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>Whose settings are read, and on which machine: what <c>~</c>, <c>%u</c>, <c>%l</c> and <c>${NAME}</c> stand for.</summary>
internal sealed record LocalUser
{
    /// <summary>The home directory.</summary>
    public required string Home { get; init; }

    /// <summary>The user's name here.</summary>
    public required string Name { get; init; }

    /// <summary>The user's number here.</summary>
    public required uint Id { get; init; }

    /// <summary>What this machine calls itself.</summary>
    public required string MachineName { get; init; }

    /// <summary>Gives the value of an environment variable; null when there is none.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The user that this process runs as.</summary>
    public static LocalUser Current { get; } = new()
    {
        Home = UserPath.Home,
        Name = Environment.UserName,
        Id = FileOwner.ThisUser,
        MachineName = Dns.GetHostName(),
        Variable = Environment.GetEnvironmentVariable,
    };
}
