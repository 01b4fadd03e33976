using System.Diagnostics;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.SshConfig;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.SshConfig;

/// <summary>The same question to both: what <c>ssh -G</c> prints for a host, and what we use.</summary>
internal static class RealSsh
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);

    // ssh asks the user database for the home directory, whatever HOME says.
    private static readonly LocalUser _user = LocalUser.Current with
    {
        Home = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).First(fields => fields[0] == System.Environment.UserName)[5],
    };

    /// <summary>What ssh prints; null when it refuses the file.</summary>
    public static async Task<IReadOnlyList<string>?> PrintAsync(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(RealParts.PathOf("ssh"), ["-G", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(_limit);
        await error;
        await process.WaitForExitAsync().WaitAsync(_limit);
        return process.ExitCode == 0 ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : null;
    }

    /// <summary>What we print; null when we refuse the file.</summary>
    public static IReadOnlyList<string>? PrintOurs(params IEnumerable<string> arguments)
    {
        try
        {
            var parsed = ForwardArguments.Parse(["-G", .. arguments]);
            var resolver = new SettingsResolver(_user, ConfigSource.For(_user, parsed.ConfigFile), _ => { });
            return [.. SettingsDump.Lines(resolver.Resolve(parsed.Host!, parsed.Settings))];
        }
        catch (UsageException)
        {
            return null;
        }
    }

    /// <summary>The lines of these keywords, in their order.</summary>
    public static IEnumerable<string> Select(IEnumerable<string> lines, IReadOnlySet<string> keywords) =>
        lines.Where(line => keywords.Contains(line.Split(' ')[0])).Order(StringComparer.Ordinal);
}
