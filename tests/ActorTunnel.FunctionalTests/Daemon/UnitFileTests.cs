using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Daemon;

/// <summary>systemd's own word on the unit file.</summary>
public sealed partial class UnitFileTests : IDisposable
{
    private const string Program = "/usr/local/lib/actortunnel/actortunnel";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RealPartsFact]
    public async Task Systemd_finds_no_fault_with_the_unit_and_calls_it_protected()
    {
        // verify wants the program to be there.
        var unit = _folder.PathOf("actortunnel.service");
        var text = await File.ReadAllTextAsync(Source());
        Assert.Contains($"ExecStart={Program} proxy -c ", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(unit, text.Replace(Program, "/bin/true", StringComparison.Ordinal));

        var (code, said) = await RunAsync("verify", "--man=no", unit);
        Assert.True(code == 0 && said.Length == 0, said);

        (code, said) = await RunAsync("security", "--offline=yes", "--no-pager", unit);
        Assert.True(code == 0, said);
        var exposure = double.Parse(Exposure().Match(said).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(exposure, 0, 2.0);
    }

    private static async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("systemd-analyze", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await output + await errors);
    }

    private static string Source([CallerFilePath] string here = "") =>
        Path.Combine(here, "../../../../src/ActorTunnel.Cli/actortunnel.service");

    [GeneratedRegex("Overall exposure level for .*: ([0-9.]+)")]
    private static partial Regex Exposure();
}
