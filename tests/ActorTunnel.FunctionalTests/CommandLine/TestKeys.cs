using System.Diagnostics;

namespace ActorTunnel.FunctionalTests.CommandLine;

/// <summary>Key files as ssh-keygen makes them.</summary>
internal static class TestKeys
{
    /// <summary>Makes a PKCS#8 key, encrypted unless the passphrase is empty, and its <c>.pub</c>; returns the path.</summary>
    public static string Create(string folder, string name, string passphrase)
    {
        var path = Path.Combine(folder, name);
        Run("-q", "-t", "ecdsa", "-m", "PKCS8", "-C", "test", "-N", passphrase, "-f", path);
        return path;
    }

    /// <summary>Runs ssh-keygen.</summary>
    public static void Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ssh-keygen", arguments))!;
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Equal(0, process.ExitCode);
    }
}
