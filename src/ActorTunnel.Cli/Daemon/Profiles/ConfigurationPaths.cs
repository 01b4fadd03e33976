using ActorTunnel.Cli.CommandLine;

namespace ActorTunnel.Cli.Daemon.Profiles;

/// <summary>
/// Names of files in the configuration: as they are, below the home directory (<c>~/</c>), with systemd's credentials
/// (<c>$CREDENTIALS_DIRECTORY/</c>), or beside the configuration file.
/// </summary>
internal sealed class ConfigurationPaths(string configurationFile)
{
    private const string CredentialsVariable = "CREDENTIALS_DIRECTORY";
    private const string CredentialsPrefix = $"${CredentialsVariable}/";

    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(configurationFile))!;

    /// <summary>The file as it is opened.</summary>
    /// <exception cref="UsageException">There are no credentials of systemd here.</exception>
    public string Full(string path)
    {
        if (!path.StartsWith(CredentialsPrefix, StringComparison.Ordinal))
            return Path.GetFullPath(UserPath.Expand(path), _folder);
        return Environment.GetEnvironmentVariable(CredentialsVariable) is { Length: > 0 } credentials
            ? Path.Combine(credentials, path[CredentialsPrefix.Length..])
            : throw new UsageException($"{CredentialsVariable} is not set: systemd sets it for services with LoadCredential=");
    }

    /// <summary>
    /// A program as it is started: a bare name is looked for in PATH. .NET would look in the working directory first, where others may
    /// have put something.
    /// </summary>
    /// <exception cref="UsageException">There is no such program.</exception>
    public string Program(string program)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            var path = Full(program);
            return IsProgram(path) ? path : throw new UsageException($"there is no program {path}");
        }

        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Where(Path.IsPathFullyQualified).Select(folder => Path.Combine(folder, program)).FirstOrDefault(IsProgram)
            ?? throw new UsageException($"there is no program {program} in PATH");
    }

    private static bool IsProgram(string path) => File.Exists(path)
        && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Execute) != 0);
}
