using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ActorTunnel.Ssh.Channels;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>The command <c>ssh -L</c>, connected to our server role, which echoes every channel.</summary>
internal sealed class OpenSshClient : IAsyncDisposable
{
    private readonly TcpTarget _server;
    private readonly Process _process;
    private readonly string _folder;
    private readonly int _port;

    private OpenSshClient(TcpTarget server, Process process, string folder, int port)
    {
        _server = server;
        _process = process;
        _folder = folder;
        _port = port;
    }

    public static async Task<OpenSshClient> StartAsync(string hostKeyType, string option)
    {
        var folder = Directory.CreateTempSubdirectory("actortunnel-ssh-").FullName;
        var keyFile = Path.Combine(folder, "key");
        using (var keygen = Process.Start("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", keyFile]))
            await keygen.WaitForExitAsync();
        var userKey = PublicKey.ParseLine(await File.ReadAllTextAsync(keyFile + ".pub"));
        var hostKey = PrivateKey.Generate(hostKeyType);
        var options = MemoryPair.ServerOptions with
        {
            HostKeys = [hostKey],
            CheckPublicKey = (user, key, _) => new(user == "alice" && key.Fingerprint == userKey.Fingerprint),
            DirectTcpip = offer => _ = EchoAsync(offer),
        };
        var server = new TcpTarget(async stream =>
        {
            await using var connection = await MemoryPair.AcceptAsync(stream, options);
            await connection.Closed;
        });
        var port = Sshd.FreePort();
        await File.WriteAllTextAsync(
            Path.Combine(folder, "known_hosts"), $"[127.0.0.1]:{server.Port} {hostKey.PublicKey.ToLine()}\n");
        string[] arguments =
        [
            "-N", "-v", "-F", "none", "-p", $"{server.Port}", "-i", keyFile, "-oBatchMode=yes", "-oExitOnForwardFailure=yes",
            $"-oUserKnownHostsFile={Path.Combine(folder, "known_hosts")}", "-oStrictHostKeyChecking=yes",
            "-L", $"127.0.0.1:{port}:echo:7",
        ];
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var log = new System.Text.StringBuilder();
        var process = new Process
        {
            StartInfo = new("ssh", [.. arguments, .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries), "alice@127.0.0.1"])
            {
                RedirectStandardError = true,
            },
        };
        process.ErrorDataReceived += (_, line) =>
        {
            log.AppendLine(line.Data);
            if (line.Data is null)
                ready.TrySetException(new InvalidOperationException(log.ToString()));
            else if (line.Data.Contains("Entering interactive session", StringComparison.Ordinal))
                ready.TrySetResult();
        };
        try
        {
            await process.StartAsync(ready.Task);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return new(server, process, folder, port);
    }

    public async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task EchoAsync(IOfferedChannel offer)
    {
        await using var stream = new ChannelStream(offer.Accept(MemoryPair.Window));
        await stream.CopyToAsync(stream);
        await stream.CompleteWritesAsync();
    }
}
