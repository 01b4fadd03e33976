namespace ActorTunnel.FunctionalTests.Clients;

/// <summary>Who connects for data, and in which words it is asked for.</summary>
public enum DataMode
{
    /// <summary>PASV.</summary>
    Passive,

    /// <summary>EPSV, RFC 2428.</summary>
    ExtendedPassive,

    /// <summary>PORT.</summary>
    Active,

    /// <summary>EPRT, RFC 2428.</summary>
    ExtendedActive,
}

internal static class DataModes
{
    private static readonly string[] _commands = ["PASV", "EPSV", "PORT", "EPRT"];

    /// <summary>The FTP command that asks for it.</summary>
    public static string Command(this DataMode mode) => _commands[(int)mode];

    /// <summary>Fails unless a client's trace shows this mode and no other: curl falls back from EPSV to PASV without a word.</summary>
    public static void AssertUsed(this DataMode mode, Fixtures.Outcome outcome) =>
        Assert.True(
            outcome.Output.Concat(outcome.Errors)
                .SelectMany(line => _commands.Where(command => SentCommand(line, command)))
                .ToHashSet()
                .SetEquals([mode.Command()]),
            $"not only {mode.Command()} was used: {outcome}");

    private static bool SentCommand(string line, string command) =>
        line.StartsWith($"> {command}", StringComparison.Ordinal) || line.StartsWith($"---> {command}", StringComparison.Ordinal);
}
