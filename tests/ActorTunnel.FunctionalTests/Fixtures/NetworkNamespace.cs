using System.Diagnostics;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>Network namespaces and the wires between them, made by ip(8). The names tell whose they are.</summary>
internal static class NetworkNamespace
{
    private const string Prefix = "actortunnel";

    /// <summary>The beginning of a name that nobody else has.</summary>
    public static string NewName() => $"{Prefix}-{System.Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}";

    /// <summary>Runs ip(8) and returns what it says against it; null when it has done it.</summary>
    public static string? Ip(string arguments)
    {
        var (exitCode, _, error) = Run(arguments);
        return exitCode == 0 ? null : error.Trim();
    }

    public static void Must(string arguments)
    {
        if (Ip(arguments) is { } refusal)
            throw new InvalidOperationException($"ip {arguments}: {refusal}");
    }

    /// <summary>Gives one end of a wire these addresses, each with its prefix length.</summary>
    public static void SetUp(string name, string wire, params string[] addresses)
    {
        Must($"-n {name} link set lo up");
        foreach (var address in addresses)
            Must($"-n {name} address add {address} dev {wire}{(address.Contains(':', StringComparison.Ordinal) ? " nodad" : "")}");
        Must($"-n {name} link set {wire} up");
    }

    /// <summary>Namespaces of a run that was killed; its process id is in the name.</summary>
    public static void RemoveLeftovers()
    {
        if (!Directory.Exists("/run/netns"))
            return;
        foreach (var name in Directory.EnumerateFiles("/run/netns", $"{Prefix}-*").Select(Path.GetFileName))
        {
            if (Directory.Exists($"/proc/{name!.Split('-')[1]}"))
                continue;
            foreach (var id in Run("netns pids " + name).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                Process.Start("/bin/kill", ["-9", id]).WaitForExit();
            _ = Ip("netns delete " + name);
        }
    }

    private static (int ExitCode, string Output, string Error) Run(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(RealParts.PathOf("ip"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error);
    }
}
