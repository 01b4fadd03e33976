using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Engine.Tests.Support;

/// <summary>An FTP session that has come by SOCKS 5: a client on loopback, a server behind an in-memory SSH connection.</summary>
internal sealed class SocksFtp : IAsyncDisposable
{
    private readonly string _host;
    private int _lastDataPort = 3000;

    private SocksFtp(SocksScenario scenario, string host, ScriptedClient client, FarEnd server)
    {
        Scenario = scenario;
        _host = host;
        Client = client;
        Server = server;
    }

    public SocksScenario Scenario { get; }

    public ScriptedClient Client { get; }

    public FarEnd Server { get; }

    /// <summary>A session whose greeting the client has read.</summary>
    public static async Task<SocksFtp> StartAsync(string host, FilterRule rule)
    {
        var scenario = await SocksScenario.StartAsync(rule);
        var target = scenario.Transport.Serve(host, 21);
        var connection = await scenario.AskAsync(host, 21);
        await SocksScenario.ExpectAcceptedAsync(connection);
        var ftp = new SocksFtp(scenario, host, new ScriptedClient(connection), await target.ReadAsync().Soon());
        await ftp.Server.SayAsync("220 ready");
        await ftp.Client.ExpectAsync("220 ready");
        return ftp;
    }

    /// <summary>A command and its reply, as they are.</summary>
    public async Task ExchangeAsync(string command, string reply)
    {
        await Client.SendAsync(command);
        await Server.ExpectAsync(command);
        await Server.SayAsync(reply);
        await Client.ExpectAsync(reply);
    }

    /// <summary>EPSV: the server's end of the data channel, and the port that the client is told.</summary>
    public async Task<(FarEnd Server, int Port)> PassiveAsync()
    {
        var target = Scenario.Transport.Serve(_host, ++_lastDataPort);
        var port = await AnnounceAsync(_lastDataPort);
        return (await target.ReadAsync().Soon(), port);
    }

    /// <summary>The server announces this port; the result is the one that the client is told.</summary>
    public async Task<int> AnnounceAsync(int dataPort)
    {
        await Client.SendAsync("EPSV");
        await Server.ExpectAsync("EPSV");
        await Server.SayAsync($"229 Extended Passive Mode (|||{dataPort}|)");
        return int.Parse((await Client.ExpectAsync(229)).Split('|')[3], null as IFormatProvider);
    }

    public ValueTask DisposeAsync() => Scenario.DisposeAsync();
}
