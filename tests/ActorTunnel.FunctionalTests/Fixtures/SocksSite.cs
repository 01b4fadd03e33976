using System.Net;
using ActorTunnel.FunctionalTests.Clients;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>
/// What the tests of the SOCKS proxy share: the client's machine, the SSH server's machine <c>server</c>, and behind it <c>inner.test</c>.
/// sshd and the FTP servers have the usual ports. Both know alice and bob with the same passwords. The FTP server on <c>server</c> listens
/// on loopback only, so nothing but sshd can be reached from the client's machine.
/// </summary>
public sealed class SocksSite : IAsyncLifetime
{
    private const string Names = "127.0.0.1 localhost\n::1 localhost\n10.89.0.2 inner.test\n";

    private int _files;

    private TemporaryFolder Folder { get; } = new();

    public static Account Alice { get; } = new("alice", "secret");

    public static Account Bob { get; } = new("bob", "b4uilder");

    /// <summary>Where <c>"socks": {}</c> listens.</summary>
    public static IPEndPoint Proxy { get; } = new(IPAddress.Loopback, 1080);

    /// <summary>The FTP server on the SSH server's machine, as a client names it.</summary>
    public static DnsEndPoint Server { get; } = new("server", 21);

    /// <summary>The one behind it.</summary>
    public static DnsEndPoint InnerServer { get; } = new("inner.test", 21);

    public TwoHosts Hosts { get; private set; } = null!;

    public Accounts Accounts { get; private set; } = null!;

    public Machine Client { get; private set; } = null!;

    /// <summary>The SSH server's machine, with the accounts.</summary>
    public Machine ServerMachine { get; private set; } = null!;

    public Machine InnerMachine { get; private set; } = null!;

    public SshdServer Ssh { get; private set; } = null!;

    public VsftpdServer Ftp { get; private set; } = null!;

    public VsftpdServer Inner { get; private set; } = null!;

    /// <summary>Files of the client.</summary>
    public TemporaryFolder ClientFiles { get; } = new();

    /// <summary>Two profiles: <c>key</c> logs in as alice by her key, <c>application</c> with the password of the FTP login.</summary>
    public string Profiles => $$"""
        {
          "key": { "host": "server", "user": "alice", "identityFiles": ["{{Accounts.KeyOf(Alice)}}"], "knownHosts": ["{{Ssh.KnownHosts}}"] },
          "application": { "host": "server", "methods": ["password"], "knownHosts": ["{{Ssh.KnownHosts}}"] },
        }
        """;

    public async Task InitializeAsync()
    {
        if (Accounts.SkipReason is not null)
            return;
        Hosts = new TwoHosts();
        Assert.True(Hosts.AreSeparate, Hosts.Limitation);
        Accounts = new Accounts(Alice, Bob);
        Client = Hosts.Client.Knowing(WriteFile("client-hosts", $"{Names}{Hosts.ServerAddress} server\n"));
        var serverHosts = WriteFile("server-hosts", $"{Names}127.0.0.1 server\n{TwoHosts.InnerAddress} only-there.test\n");
        ServerMachine = Accounts.On(Hosts.Server).Knowing(serverHosts);
        Ssh = await SshdServer.StartAsync(ServerMachine, new IPEndPoint(Hosts.ServerAddress, 22), Accounts.SshSettings);
        Ssh.AlsoKnownAs("server");
        Ftp = await Accounts.StartFtpAsync(Hosts.Server, new IPEndPoint(IPAddress.Loopback, 21));
        InnerMachine = Hosts.AddInner().Knowing(serverHosts);
        Inner = await Accounts.StartFtpAsync(InnerMachine, new IPEndPoint(TwoHosts.InnerAddress, 21));
    }

    /// <summary>The proxy with the profiles and these rules.</summary>
    public Task<ActorTunnelProcess> StartWithRulesAsync(string rules) => StartAsync($$"""
        {
          "socks": {},
          "profiles": {{Profiles}},
          "rules": [
            {{rules}}
          ],
        }
        """);

    /// <summary>The proxy with this configuration; it listens on <see cref="Proxy"/> at least.</summary>
    public Task<ActorTunnelProcess> StartAsync(string configuration, params IPEndPoint[] entries) =>
        ActorTunnelProcess.StartProxyAsync(
            Client, WriteFile($"actortunnel-{++_files}.json", configuration), entries.Length == 0 ? [Proxy] : entries);

    /// <summary>A file that only its owner may read, as a secret must be.</summary>
    public string Secret(string name, string content)
    {
        var path = WriteFile(name, content);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    public string WriteFile(string name, string content)
    {
        var path = Folder.PathOf(name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>A SOCKS client spoken by hand, whose proxy is <see cref="Proxy"/>.</summary>
    public SocksProxy Socks => new(Client, Proxy);

    /// <summary>The usual login of an account.</summary>
    public static FtpLogin LoginOf(Account account) => new(account.Name, account.Password);

    /// <summary>How often somebody has logged in to sshd until now.</summary>
    public int CountLogins(Account account) =>
        Ssh.Log.Lines.Count(line => line.StartsWith("Accepted ", StringComparison.Ordinal)
            && line.Contains($" for {account.Name} from ", StringComparison.Ordinal));

    /// <summary>A client program whose proxy is <see cref="Proxy"/>; as alice unless somebody else is named.</summary>
    public FtpClient Create(SocksClient client, FtpLogin? login = null) =>
        client.Create(Client, Proxy, login ?? LoginOf(Alice), Folder);

    /// <summary>curl with the name, as the manual says it.</summary>
    public Curl Curl(FtpLogin? login = null) => (Curl)Create(SocksClient.CurlSocks5Hostname, login);

    public async Task DisposeAsync()
    {
        foreach (var server in new IAsyncDisposable?[] { Inner, Ftp, Ssh })
        {
            if (server is not null)
                await server.DisposeAsync();
        }

        Hosts?.Dispose();
        Accounts?.Dispose();
        ClientFiles.Dispose();
        Folder.Dispose();
    }
}

/// <summary>Tests that share the SOCKS site run one after the other: each has the proxy's port for itself.</summary>
[CollectionDefinition(Name)]
public sealed class SharedSocksSite : ICollectionFixture<SocksSite>
{
    public const string Name = "shared SOCKS site";
}
