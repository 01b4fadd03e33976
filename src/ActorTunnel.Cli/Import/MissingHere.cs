namespace ActorTunnel.Cli.Import;

/// <summary>Why elements and attributes of Tectia's have no equivalent here.</summary>
internal static class MissingHere
{
    private const string NoSftp = "FTP is not converted to SFTP here";
    private const string NoCapture = "connections are not captured here, but come by SOCKS with the name that the application asks for";
    private const string NoSession = "there is no session on the SSH server, only forwarding";
    private const string NoPki = "keys and certificates of servers are OpenSSH's: see knownHosts, and @cert-authority in sshd(8)";

    private static readonly Dictionary<string, string> _reasons = new()
    {
        ["filter-engine@ip-generate-start"] = NoCapture,
        ["filter-engine@ip6-generate-start"] = NoCapture,
        ["network"] = NoCapture,
        ["profile@host-type"] = NoSftp,
        ["auth-server-certificate"] = NoPki,
        ["cert-validation"] = NoPki,
        ["key-stores"] = "keys are OpenSSH's key files or come from an SSH agent: see identityFiles and agent",
        ["crypto-lib"] = "the ciphers are .NET's and the system's OpenSSL, which may itself run in FIPS mode",
        ["forwards"] = NoSession,
        ["remote-environment"] = NoSession,
        ["sftpg3-mode"] = NoSftp,
        ["checksum"] = NoSftp,
        ["hostbased-default-domain"] = "there is no host-based login",
        ["authentication-success-message"] = "logs tell of each login",
        ["quiet-mode"] = "see the options of the proxy command",
        ["logging"] = "see audit, and the options of the proxy command",
        ["gui"] = "there is none",
        ["user-config-directory"] = "there is one configuration file, named on the command line",
        ["file-access-control"] = "files with secrets must always be readable by their owner only",
        ["protocol-parameters"] = "there is nothing to set: all processors are used",
        ["terminal-selection"] = NoSession,
        ["terminal-bell"] = NoSession,
        ["close-window-on-disconnect"] = NoSession,
    };

    /// <param name="element">The element.</param>
    /// <param name="attribute">Null: all of it.</param>
    public static string Why(string element, string? attribute)
    {
        var key = attribute is null ? element : $"{element}@{attribute}";
        return _reasons.TryGetValue(key, out var reason) ? $"has no equivalent: {reason}" : "has no equivalent here";
    }
}
