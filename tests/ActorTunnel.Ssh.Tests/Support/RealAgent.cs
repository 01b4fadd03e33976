using System.Diagnostics;
using System.Net.Sockets;
using ActorTunnel.Ssh.Authentication.Agent;
using ActorTunnel.Ssh.Tests.Keys;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>OpenSSH's ssh-agent on a socket of its own, and a folder for the keys that go into it.</summary>
internal sealed class RealAgent : IAsyncDisposable
{
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(20);

    private readonly Process _process;

    private RealAgent(Process process, SshKeygen keys) => (_process, Keys) = (process, keys);

    public SshKeygen Keys { get; }

    public string Socket => Keys.PathOf("agent");

    public SshAgent Client => new(ConnectAsync, TimeProvider.System);

    public static async Task<RealAgent> StartAsync()
    {
        var keys = new SshKeygen();
        var start = new ProcessStartInfo("ssh-agent", ["-D", "-a", keys.PathOf("agent")]) { RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        // It says where it listens once it does.
        Assert.NotNull(await process.StandardOutput.ReadLineAsync().WaitAsync(_startLimit));
        return new(process, keys);
    }

    /// <summary>Makes a key with ssh-keygen and adds it, with its certificate if <paramref name="authority"/> signs one.</summary>
    public void Add(string name, string kind, string? authority = null, params string[] certificateOptions)
    {
        Keys.Run(["-q", .. kind.Split(' '), "-N", "", "-C", name, "-f", name]);
        if (authority is not null)
            Keys.Run(["-q", "-s", authority, "-I", name, .. certificateOptions, name + ".pub"]);
        AddFile(name);
    }

    public void AddFile(string name)
    {
        var start = new ProcessStartInfo("ssh-add", ["-q", Keys.PathOf(name)]) { Environment = { ["SSH_AUTH_SOCK"] = Socket } };
        using var process = Process.Start(start)!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Keys.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
