using ActorTunnel.Cli.CommandLine;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>A configuration file to begin with, and what its place says about it.</summary>
/// <param name="Path">The file.</param>
/// <param name="IncludeFolder">Where a relative Include is looked for.</param>
/// <param name="MustExist">Whether somebody named it.</param>
/// <param name="MustBeOurs">Whether it counts only when nobody else can write it. What is included must be ours in any case.</param>
internal sealed record ConfigSource(string Path, string IncludeFolder, bool MustExist, bool MustBeOurs)
{
    private const string SystemFolder = "/etc/ssh";

    /// <summary>The files that ssh reads, in their order.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="file"><c>-F</c>: this file and no other; "none" is no file at all.</param>
    public static IReadOnlyList<ConfigSource> For(LocalUser user, string? file)
    {
        var folder = System.IO.Path.Combine(user.Home, ".ssh");
        return file switch
        {
            null =>
            [
                new(System.IO.Path.Combine(folder, "config"), folder, MustExist: false, MustBeOurs: true),
                new($"{SystemFolder}/ssh_config", SystemFolder, MustExist: false, MustBeOurs: false),
            ],
            _ when file.Equals("none", StringComparison.OrdinalIgnoreCase) => [],
            _ => [new(UserPath.Expand(file), folder, MustExist: true, MustBeOurs: false)],
        };
    }
}
