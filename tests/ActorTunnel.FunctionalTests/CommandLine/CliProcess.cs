using System.Diagnostics;

namespace ActorTunnel.FunctionalTests.CommandLine;

/// <summary>Runs the built <c>actortunnel</c> in a session of its own, so that it has exactly the terminal that it is given.</summary>
internal static class CliProcess
{
    /// <param name="home">Its home directory.</param>
    /// <param name="terminal">The device that becomes its controlling terminal; null for none.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<(int Code, string Output, string Error)> RunAsync(
        string home, string? terminal, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        var script = terminal is null
            ? "exec setsid --wait \"$@\" < /dev/null"
            : $"exec setsid --wait --ctty \"$@\" < {terminal}";
        foreach (var argument in (string[])["-c", script, "sh", "dotnet", Path.Combine(AppContext.BaseDirectory, "actortunnel.dll")])
            start.ArgumentList.Add(argument);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["HOME"] = home;
        start.Environment["SSH_AUTH_SOCK"] = "";

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await output, await error);
    }
}
