using ActorTunnel.Cli.SshConfig;

namespace ActorTunnel.Cli.Authentication;

/// <summary>Which keys to log in with, in the words of ssh_config(5). Paths are as they are opened: nothing is left to expand.</summary>
internal sealed record IdentitySettings
{
    /// <summary>Where they are offered, for what is said about them: with jump hosts there are several logins.</summary>
    public required string Host { get; init; }

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
    public static IReadOnlyList<string> DefaultFiles { get; } = ["~/.ssh/id_rsa", "~/.ssh/id_ecdsa", "~/.ssh/id_ed25519"];

    /// <summary>What the settings for a server say.</summary>
    public static IdentitySettings Of(SshSettings settings)
    {
        var files = Paths(settings, settings.IdentityFiles);
        return new IdentitySettings
        {
            Host = settings.Host,
            // "IdentityFile none" is no file, and the default ones neither.
            Files = settings.IdentityFiles.Count > 0 ? files : Paths(settings, DefaultFiles),
            FilesAreGiven = files.Length > 0,
            CertificateFiles = Paths(settings, settings.CertificateFiles),
            AgentSocket = settings.AgentSocket,
            IdentitiesOnly = settings.IdentitiesOnly,
        };
    }

    private static string[] Paths(SshSettings settings, IEnumerable<string> files) =>
        [.. files.Where(file => !file.Equals("none", StringComparison.OrdinalIgnoreCase)).Select(settings.Tokens.ExpandPath)];
}
