using System.Diagnostics;

namespace ActorTunnel.Ssh.Tests.Keys;

/// <summary>Runs OpenSSH's ssh-keygen in a folder of its own, which is deleted afterwards.</summary>
internal sealed class SshKeygen : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortunnel-keys-");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    /// <summary>What the command prints. Its own folder is the current one.</summary>
    public string Run(params string[] arguments) => RunWithInput("", arguments);

    public string RunWithInput(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("ssh-keygen", arguments)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(_limit), "ssh-keygen does not come back");
        Assert.True(process.ExitCode == 0, $"ssh-keygen {string.Join(' ', arguments)}: {error.Result}");
        return output;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
