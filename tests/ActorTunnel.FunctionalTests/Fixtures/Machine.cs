using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>One side of the network: processes and sockets made here see only its addresses. Without a namespace, this computer.</summary>
/// <remarks>Programs find an empty home folder, so no settings of the person who runs the tests.</remarks>
public sealed class Machine(string? networkNamespace, TemporaryFolder home)
{
    // "ip netns exec" and "unshare -m" give the program file systems of its own, so nobody else sees this.
    private const string WithFiles =
        "while [ \"$1\" != -- ]; do mount --bind \"$1\" \"$2\" || exit; shift 2; done; shift; exec \"$@\"";

    private const int CloneNewNet = 0x40000000;

    /// <summary>The same machine where names mean what this file says (hosts(5)). That takes root.</summary>
    public Machine Knowing(string hostsFile) => With([(hostsFile, "/etc/hosts")]);

    /// <summary>The same machine whose programs see these files at other places, where there must be some. That takes root.</summary>
    public Machine With(IEnumerable<(string File, string Place)> files) =>
        new(networkNamespace, home) { Files = [.. Files, .. files], Prefix = Prefix };

    /// <summary>The same machine where each program is started by another one.</summary>
    public Machine By(string program, params IEnumerable<string> arguments) =>
        new(networkNamespace, home) { Files = Files, Prefix = [RealParts.PathOf(program), .. arguments] };

    private IReadOnlyList<(string File, string Place)> Files { get; init; } = [];

    private IReadOnlyList<string> Prefix { get; init; } = [];

    /// <summary>A process on this machine, not started yet.</summary>
    public ProcessStartInfo Command(string program, params IEnumerable<string> arguments)
    {
        string[] machine = networkNamespace is not null
            ? [RealParts.PathOf("ip"), "netns", "exec", networkNamespace]
            : Files.Count > 0 ? [RealParts.PathOf("unshare"), "-m"] : [];
        string[] files = Files.Count == 0
            ? []
            : [RealParts.PathOf("bash"), "-c", WithFiles, "files", .. Files.SelectMany(file => new[] { file.File, file.Place }), "--"];
        string[] words = [.. machine, .. files, .. Prefix, RealParts.PathOf(program), .. arguments];
        return new ProcessStartInfo(words[0], words.Skip(1)) { Environment = { ["HOME"] = home.FullName } };
    }

    /// <summary>Runs a program to its end.</summary>
    public async Task<Outcome> RunAsync(TimeSpan limit, string program, params IEnumerable<string> arguments)
    {
        await using var process = ChildProcess.Start(Command(program, arguments));
        return await process.ToEndAsync(limit);
    }

    /// <summary>A socket connected from this machine; from <paramref name="source"/> if one is given.</summary>
    public async Task<Socket> ConnectAsync(IPEndPoint target, IPAddress? source = null)
    {
        var socket = NewSocket(target.AddressFamily);
        try
        {
            if (source is not null)
                socket.Bind(new IPEndPoint(source, 0));
            await socket.ConnectAsync(target).WaitAsync(TimeSpan.FromSeconds(20));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether somebody listens there.</summary>
    public async Task<bool> CanConnectAsync(IPEndPoint target)
    {
        try
        {
            using var socket = await ConnectAsync(target);
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            return false; // Reset: the listener was closed in this very moment.
        }
    }

    /// <summary>A socket that listens on this machine.</summary>
    public Socket Listen(IPAddress address)
    {
        var socket = NewSocket(address.AddressFamily);
        socket.Bind(new IPEndPoint(address, 0));
        socket.Listen();
        return socket;
    }

    /// <summary>A port that nobody on this machine listens on now.</summary>
    public int FreePort(IPAddress address)
    {
        using var socket = Listen(address);
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private Socket NewSocket(AddressFamily family)
    {
        Socket? socket = null;
        ExceptionDispatchInfo? failure = null;

        // A socket stays in the namespace of the thread that made it. The thread ends at once, so no other work ever runs there.
        var thread = new Thread(() =>
        {
            try
            {
                EnterNamespace();
                socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
            }
            catch (Exception exception) when (exception is IOException or Win32Exception or SocketException)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return socket!;
    }

    private void EnterNamespace()
    {
        if (networkNamespace is null)
            return;
        using var handle = File.OpenHandle($"/run/netns/{networkNamespace}");
        if (SetNamespace(handle, CloneNewNet) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    // setns(2)
    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(SafeHandle descriptor, int kind);
}
