using System.Diagnostics;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>OpenSSH's ssh-agent on a socket of its own.</summary>
public sealed class SshAgent : IAsyncDisposable
{
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(20);

    private readonly ChildProcess _process;

    private SshAgent(ChildProcess process, string socket) => (_process, Socket) = (process, socket);

    public string Socket { get; }

    /// <param name="folder">Where its socket is made.</param>
    public static async Task<SshAgent> StartAsync(string folder)
    {
        var socket = Path.Combine(folder, "agent");
        var process = ChildProcess.Start(new ProcessStartInfo("ssh-agent", ["-D", "-a", socket]));
        // It says where it listens once it does.
        Assert.NotNull(await process.Output.FindAsync(line => line.Contains(socket, StringComparison.Ordinal), _startLimit));
        return new(process, socket);
    }

    /// <summary>Adds a key, and the certificate beside it if there is one; with <c>-d</c> takes them away.</summary>
    public async Task AddAsync(params string[] arguments)
    {
        var command = new ProcessStartInfo("ssh-add", ["-q", .. arguments]) { Environment = { ["SSH_AUTH_SOCK"] = Socket } };
        await using var process = ChildProcess.Start(command);
        var outcome = await process.ToEndAsync(_startLimit);
        Assert.True(outcome.ExitCode == 0, string.Join('\n', outcome.Errors));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
