using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Daemon;

/// <summary>The daemon follows its configuration file and tells systemd; no SSH server is needed for that.</summary>
public sealed class LiveReloadTests : IAsyncLifetime
{
    private const string Block = """{ "name": "one", "action": "block" }""";
    private const string TwoRules = """{ "name": "one", "action": "block" }, { "name": "two", "host": "x.test", "action": "block" }""";

    private DaemonProcess? _daemon;

    private TemporaryFolder Folder { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        Folder.Dispose();
    }

    [RealPartsFact]
    public async Task Listeners_that_are_added_open_those_removed_close_and_the_others_stay_untouched()
    {
        var daemon = Start(Socks("127.0.0.1:0", Tunnel("first", "0")));
        var socks = Address(await daemon.PrintsAsync("socks "));
        var first = Address(await daemon.PrintsAsync("tcp "));
        using var waiting = await ConnectAsync(socks); // It has said nothing yet, and belongs to the listener that stays.

        daemon.Change(Socks("127.0.0.1:0", Tunnel("second", "0", "other.test:80")));
        var second = Address(await LineAsync(daemon, "other.test:80"));
        await daemon.SaysAsync("configuration read anew: 1 rule, 1 profile, 1 tunnel");

        await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(first));
        (await ConnectAsync(second)).Dispose();
        (await ConnectAsync(socks)).Dispose();
        Assert.Single(daemon.Output, line => line.StartsWith("socks ", StringComparison.Ordinal));
        await waiting.SendAsync(new byte[] { 5, 1, 0 });
        var reply = new byte[2];
        Assert.Equal(2, await waiting.ReceiveAsync(reply));
        Assert.Equal([5, 0], reply);
    }

    [RealPartsFact]
    public async Task A_listener_that_cannot_open_is_told_and_the_rest_holds()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var daemon = Start(Socks("127.0.0.1:0"));
        await daemon.PrintsAsync("socks ");

        daemon.Change(Socks("127.0.0.1:0", Tunnel("busy", $"{((IPEndPoint)taken.LocalEndpoint).Port}"), TwoRules));

        await daemon.SaysAsync("the rest of the configuration holds");
        await daemon.SaysAsync("configuration read anew: 2 rules");
    }

    [RealPartsFact]
    public async Task Behind_symbolic_links_as_in_Kubernetes_a_new_folder_is_noticed()
    {
        WriteVersion("v1", Block);
        Directory.CreateSymbolicLink(Folder.PathOf("..data"), "v1");
        File.CreateSymbolicLink(Folder.PathOf("linked.json"), "..data/actortunnel.json");
        _daemon = DaemonProcess.Start(Folder.PathOf("linked.json"));
        await _daemon.PrintsAsync("socks ");

        WriteVersion("v2", TwoRules);
        Directory.CreateSymbolicLink(Folder.PathOf("..new"), "v2");
        using (var rename = Process.Start("mv", ["-T", Folder.PathOf("..new"), Folder.PathOf("..data")])) // rename(2), as there
            await rename.WaitForExitAsync();

        await _daemon.SaysAsync("configuration read anew: 2 rules");
    }

    [RealPartsFact]
    public async Task All_mistakes_are_told_at_once_by_line_and_path_and_a_bad_start_has_the_code_of_configurations()
    {
        var daemon = Start("""
            {
              "socks": {},
              "profiles": {
                "a": { "host": "h", "user": "u", "ciphers": "none-such", "keepAliveInterval": "soon", "through": "b" },
                "b": { "host": "h", "user": "u", "passwordFile": "not-there", "through": "a" },
              },
              "rules": [ { "acton": "block" } ],
            }
            """);

        var outcome = await daemon.ToEndAsync();

        Assert.Equal(2, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        Assert.Contains(outcome.Errors, line => line.Contains(".json:4: profiles.a.ciphers: ", StringComparison.Ordinal));
        Assert.Contains(outcome.Errors, line => line.Contains(".json:4: profiles.a.keepAliveInterval: ", StringComparison.Ordinal));
        Assert.Contains(outcome.Errors, line => line.Contains(".json:5: profiles.b.passwordFile: ", StringComparison.Ordinal));
        Assert.Contains(outcome.Errors, line => line.Contains("through: leads in a circle: a -> b -> a", StringComparison.Ordinal));
        Assert.Contains(outcome.Errors, line => line.Contains(".json:7: rules[0]", StringComparison.Ordinal));
    }

    [RealPartsFact]
    public async Task A_configuration_that_others_can_write_is_not_used()
    {
        var file = Write(Socks("127.0.0.1:0"));
        File.SetUnixFileMode(file, (UnixFileMode)Convert.ToInt32("664", 8));
        _daemon = DaemonProcess.Start(file);

        var outcome = await _daemon.ToEndAsync();

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(outcome.Errors, line => line.EndsWith($"run: chmod go-w {file}", StringComparison.Ordinal));
    }

    [RealPartsFact]
    public async Task A_server_that_is_down_keeps_nothing_from_starting()
    {
        var daemon = Start(Socks("127.0.0.1:0", Tunnel("local", "0") + "," + Tunnel("back", "0", remote: true)));

        await daemon.PrintsAsync("tcp ");
        await daemon.SaysAsync("tunnel back: ");
        await daemon.SaysAsync("connectOnStart of p: ");
        await daemon.SignalAsync("TERM");
        Assert.Equal(0, (await daemon.ToEndAsync()).ExitCode);
    }

    [RealPartsFact]
    public async Task Systemd_hears_when_it_is_ready_reloads_and_stops()
    {
        var path = Folder.PathOf("notify");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 60_000 };
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        _daemon = DaemonProcess.Start(Write(Socks("127.0.0.1:0")), path);

        Assert.Equal("READY=1\nSTATUS=1 rule, 1 profile, 0 tunnels", Receive(systemd));
        await _daemon.SignalAsync("HUP");
        Assert.StartsWith("RELOADING=1\nMONOTONIC_USEC=", Receive(systemd), StringComparison.Ordinal);
        Assert.Equal("READY=1\nSTATUS=1 rule, 1 profile, 0 tunnels", Receive(systemd));
        await _daemon.SignalAsync("TERM");
        Assert.StartsWith("STOPPING=1\n", Receive(systemd), StringComparison.Ordinal);
        Assert.Equal(0, (await _daemon.ToEndAsync()).ExitCode);
    }

    [RealPartsFact]
    public async Task Audit_goes_to_a_new_file_after_SIGHUP()
    {
        var audit = Folder.PathOf("audit");
        const string Audit = "\"audit\": { \"file\": \"audit\" }, ";
        var daemon = Start(Socks("127.0.0.1:0").Replace("\"socks\"", $"{Audit}\"socks\"", StringComparison.Ordinal));
        var socks = Address(await daemon.PrintsAsync("socks "));
        File.Move(audit, audit + ".1");

        await daemon.SignalAsync("HUP");

        await Eventually.IsTrueAsync(
            async () =>
            {
                await RefusedAsync(socks);
                return File.Exists(audit) && new FileInfo(audit).Length > 0;
            },
            "the refusal is in the new file");
    }

    [RealPartsFact]
    public async Task SIGHUP_while_the_files_are_read_for_the_first_time_reads_them_again_and_ends_nothing()
    {
        var users = Folder.PathOf("users");
        using (var mkfifo = Process.Start("mkfifo", ["-m", "600", users]))
            await mkfifo.WaitForExitAsync();
        var text = Socks("127.0.0.1:0").Replace("\"listen\"", $"\"usersFile\": \"{users}\", \"listen\"", StringComparison.Ordinal);
        var daemon = Start(text);

        await using (var writer = await Task.Run(() => new StreamWriter(users))) // The daemon is reading when this is open.
        {
            await daemon.SignalAsync("HUP");
            await writer.WriteAsync("user:password\n");
        }

        await daemon.PrintsAsync("socks ");
        await Task.Run(() => File.WriteAllText(users, "user:password\n"));
        await daemon.SaysAsync("configuration read anew");
    }

    [RealPartsFact]
    public async Task Audit_tells_each_reload_and_how_it_ended()
    {
        var audit = Folder.PathOf("audit");
        const string Audit = "\"audit\": { \"file\": \"audit\" }, ";
        var text = Socks("127.0.0.1:0").Replace("\"socks\"", $"{Audit}\"socks\"", StringComparison.Ordinal);
        var daemon = Start(text);
        await daemon.PrintsAsync("socks ");

        await daemon.SignalAsync("HUP");
        await Eventually.IsTrueAsync(() => File.ReadLines(audit).Count() == 1, "the first reload");
        daemon.Change("{");
        await Eventually.IsTrueAsync(() => File.ReadLines(audit).Count() == 2, "the second reload");

        var lines = await File.ReadAllLinesAsync(audit);
        Assert.EndsWith(
            "\"event\":\"reload\",\"outcome\":\"ok\",\"reason\":\"1 rule, 1 profile, 0 tunnels\"}", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"event\":\"reload\",\"outcome\":\"configuration\"", lines[1], StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(IPEndPoint socks)
    {
        using var client = await ConnectAsync(socks);
        await client.SendAsync(new byte[] { 5, 1, 0 });
        var reply = new byte[2];
        await client.ReceiveAsync(reply);
        await client.SendAsync(new byte[] { 5, 1, 0, 1, 192, 0, 2, 1, 0, 21 });
        Assert.NotEqual(0, await client.ReceiveAsync(new byte[10]));
    }

    private static string Socks(string listen, string tunnels = "", string rules = Block) => $$"""
        {
          "socks": { "listen": "{{listen}}" },
          "profiles": {
            "p": { "host": "127.0.0.1", "port": 1, "user": "nobody", "passwordCommand": ["echo", "x"], "connectOnStart": true },
          },
          "rules": [{{rules}}],
          "tunnels": [{{tunnels}}],
        }
        """;

    private static string Tunnel(string name, string port, string destination = "inner.test:80", bool remote = false) =>
        $$"""
        {
          "name": "{{name}}", "type": "tcp", "listen": "127.0.0.1:{{port}}", "destination": "{{destination}}", "profile": "p",
          "remote": {{(remote ? "true" : "false")}}
        }
        """;

    private static async Task<string> LineAsync(DaemonProcess daemon, string part)
    {
        await Eventually.IsTrueAsync(() => daemon.Output.Any(line => line.Contains(part, StringComparison.Ordinal)), part);
        return daemon.Output.First(line => line.Contains(part, StringComparison.Ordinal));
    }

    private static IPEndPoint Address(string line) => IPEndPoint.Parse(line.Split(' ')[1]);

    private static async Task<Socket> ConnectAsync(IPEndPoint to)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(to);
        return socket;
    }

    private static string Receive(Socket socket)
    {
        var datagram = new byte[4096];
        return Encoding.UTF8.GetString(datagram, 0, socket.Receive(datagram));
    }

    private DaemonProcess Start(string text) => _daemon = DaemonProcess.Start(Write(text));

    private string Write(string text)
    {
        var file = Folder.PathOf("actortunnel.json");
        File.WriteAllText(file, text);
        return file;
    }

    private void WriteVersion(string version, string rules)
    {
        Directory.CreateDirectory(Folder.PathOf(version));
        File.WriteAllText(Folder.PathOf($"{version}/actortunnel.json"), Socks("127.0.0.1:0", rules: rules));
    }
}
