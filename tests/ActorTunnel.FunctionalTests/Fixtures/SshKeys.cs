using System.Diagnostics;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>Key pairs made by ssh-keygen: nothing of the machine's own SSH set-up is touched.</summary>
internal static class SshKeys
{
    /// <summary>Makes a pair without a passphrase and returns the path of the private half; the public half is beside it.</summary>
    /// <param name="folder">Where both are kept.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="type">A type of ssh-keygen: ed25519, ecdsa, rsa.</param>
    public static string Create(TemporaryFolder folder, string name, string type = "ed25519")
    {
        var path = folder.PathOf(name);
        string[] arguments = ["-q", "-t", type, "-N", "", "-C", name, "-f", path];
        using var process = Process.Start(RealParts.PathOf("ssh-keygen"), arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return path;
    }

    /// <summary>A known_hosts line for a server, as ssh writes it.</summary>
    public static string KnownHost(string host, int port, string privateKey)
    {
        var words = File.ReadAllText($"{privateKey}.pub").Split(' ');
        return $"{(port == 22 ? host : $"[{host}]:{port}")} {words[0]} {words[1]}\n";
    }
}
