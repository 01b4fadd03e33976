using ActorTunnel.Cli.CommandLine;

namespace ActorTunnel.Cli.Authentication;

/// <summary>Which keys to log in with, in the words of ssh_config(5). Paths are as they are opened: nothing is left to expand.</summary>
internal sealed record IdentitySettings
{
    /// <summary>IdentityFile: private keys, or public ones whose private half the agent has.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Whether somebody named <see cref="Files"/>. When not, a file that does not exist is not worth a word.</summary>
    public required bool FilesAreGiven { get; init; }

    /// <summary>CertificateFile. The <c>-cert.pub</c> beside an identity is found without it.</summary>
    public IReadOnlyList<string> CertificateFiles { get; init; } = [];

    /// <summary>IdentityAgent, or SSH_AUTH_SOCK: the agent's Unix socket. Null asks no agent.</summary>
    public string? AgentSocket { get; init; }

    /// <summary>IdentitiesOnly: the agent may sign for the files given, and offers no key of its own.</summary>
    public bool IdentitiesOnly { get; init; }

    /// <summary>What ssh looks for in ~/.ssh, of the types we have, in its order.</summary>
    public static IReadOnlyList<string> DefaultFiles =>
        [.. new[] { "id_rsa", "id_ecdsa", "id_ed25519" }.Select(name => Path.Combine(UserPath.Home, ".ssh", name))];

    /// <summary>What a command line without a configuration file says.</summary>
    public static IdentitySettings Of(ForwardArguments arguments) => new()
    {
        Files = arguments.IdentityFiles.Count > 0 ? [.. arguments.IdentityFiles.Select(UserPath.Expand)] : DefaultFiles,
        FilesAreGiven = arguments.IdentityFiles.Count > 0,
        AgentSocket = Environment.GetEnvironmentVariable("SSH_AUTH_SOCK") is { Length: > 0 } socket ? socket : null,
    };
}
