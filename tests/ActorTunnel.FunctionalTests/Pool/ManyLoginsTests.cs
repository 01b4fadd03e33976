using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.FunctionalTests.Fixtures;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTunnel.FunctionalTests.Pool;

/// <summary>What a real sshd sees of many clients.</summary>
public sealed class ManyLoginsTests
{
    private const int Clients = 200;
    private const int ChannelsPerConnection = 5;

    /// <summary>sshd drops every connection beyond ten that have not logged in: none of ours may be among them.</summary>
    [RealPartsFact]
    public async Task Clients_that_come_all_at_once_are_all_served_by_a_server_with_MaxStartups()
    {
        await using var ssh = await StartSshdAsync("MaxStartups 10:100:10");
        using var target = new Greeter();
        await using var engine = new TunnelEngine(NullLoggerFactory.Instance, TimeProvider.System);
        var entry = await ForwardAsync(engine, Profile(ssh, ssh.UserKey), target);

        var greetings = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => GreetingAsync(entry)));

        Assert.All(greetings, greeting => Assert.Equal(Greeter.Text, greeting));
        Assert.Equal(Clients / ChannelsPerConnection, Count(ssh, "Accepted publickey"));
        Assert.Equal(0, Count(ssh, "drop connection"));
    }

    [RealPartsFact]
    public async Task F6_two_hundred_clients_share_one_connection_to_a_server_with_MaxSessions_1()
    {
        await using var ssh = await StartSshdAsync("MaxSessions 1");
        using var target = new Greeter();
        await using var engine = new TunnelEngine(NullLoggerFactory.Instance, TimeProvider.System);
        var profile = Profile(ssh, ssh.UserKey) with { Pool = new() { MaxChannelsPerConnection = Clients } };
        var entry = await ForwardAsync(engine, profile, target);

        var greetings = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => GreetingAsync(entry)));

        Assert.All(greetings, greeting => Assert.Equal(Greeter.Text, greeting));
        Assert.Equal(1, Count(ssh, "Accepted publickey"));
    }

    [RealPartsFact]
    public async Task A_hub_with_a_wrong_key_asks_the_server_once_however_many_clients_come()
    {
        await using var ssh = await StartSshdAsync();
        using var folder = new TemporaryFolder();
        using var target = new Greeter();
        await using var engine = new TunnelEngine(NullLoggerFactory.Instance, TimeProvider.System);
        var entry = await ForwardAsync(engine, Profile(ssh, SshKeys.Create(folder, "stranger", "ed25519")), target);

        for (var wave = 0; wave < 4; wave++)
        {
            var greetings = await Task.WhenAll(Enumerable.Range(0, Clients / 4).Select(_ => GreetingAsync(entry)));
            Assert.All(greetings, greeting => Assert.Equal("", greeting));
        }

        Assert.Equal(1, Count(ssh, "Connection from"));
    }

    private static Task<SshdServer> StartSshdAsync(params string[] settings) =>
        SshdServer.StartAsync(new Machine(null, new TemporaryFolder()), IPAddress.Loopback, settings);

    private static TunnelProfile Profile(SshdServer ssh, string userKey) => new()
    {
        Host = ssh.EndPoint.Address.ToString(),
        Port = ssh.EndPoint.Port,
        User = System.Environment.UserName,
        Credentials = [Key(userKey)],
        HostKeys = new KnownHostsPolicy(new KnownHostsOptions
        {
            Host = ssh.EndPoint.Address.ToString(),
            Port = ssh.EndPoint.Port,
            Files = [ssh.KnownHosts],
            Mode = StrictHostKeyChecking.Yes,
        }),
        Pool = new() { MaxChannelsPerConnection = ChannelsPerConnection },
    };

    private static PublicKeyCredential Key(string path)
    {
        var key = KeyFile.Parse(path, File.ReadAllBytes(path)).Open(default);
        return new(key.PublicKey, (algorithm, data, _) => new(key.Sign(algorithm, data.Span)));
    }

    private static async Task<IPEndPoint> ForwardAsync(TunnelEngine engine, TunnelProfile profile, Greeter target)
    {
        var forward = new ForwardOptions
        {
            ListenAddresses = [IPAddress.Loopback], ListenPort = 0, Host = "127.0.0.1", HostPort = target.Port,
        };
        return Assert.Single(await engine.ForwardAsync(forward, profile, CancellationToken.None));
    }

    private static int Count(SshdServer ssh, string text) => ssh.Log.Lines.Count(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>What the target says, while the connection is held open until all have it; empty: the connection was refused.</summary>
    private static async Task<string> GreetingAsync(IPEndPoint entry)
    {
        using var client = new TcpClient();
        var buffer = new byte[Greeter.Text.Length];
        try
        {
            await client.ConnectAsync(entry);
            var count = await client.GetStream().ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false)
                .AsTask().WaitAsync(TimeSpan.FromSeconds(60));
            return System.Text.Encoding.ASCII.GetString(buffer, 0, count);
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            return "";
        }
    }

    /// <summary>Says a word to each that comes when all have come, and keeps the connections.</summary>
    private sealed class Greeter : IDisposable
    {
        public const string Text = "hello";

        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<TcpClient> _clients = [];

        public Greeter()
        {
            _listener.Start(Clients);
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _ = GreetAsync();
        }

        public int Port { get; }

        public void Dispose()
        {
            _listener.Dispose();
            _clients.ForEach(client => client.Dispose());
        }

        private async Task GreetAsync()
        {
            try
            {
                while (_clients.Count < Clients)
                    _clients.Add(await _listener.AcceptTcpClientAsync());
                foreach (var client in _clients)
                    await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(Text));
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException or OperationCanceledException or IOException)
            {
                // The test is over.
            }
        }
    }
}
