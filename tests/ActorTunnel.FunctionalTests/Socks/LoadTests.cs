using System.Net;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;
using ActorTunnel.FunctionalTests.Lab;
using ActorTunnel.Lab.Ftp.Storage;
using TemporaryFolder = ActorTunnel.FunctionalTests.Fixtures.TemporaryFolder;

namespace ActorTunnel.FunctionalTests.Socks;

/// <summary>
/// Many SSH identities at once, at a real sshd with as many accounts. The FTP server is in this process: a thousand of vsftpd's would
/// measure vsftpd.
/// </summary>
public sealed class LoadTests
{
    private const int Identities = 50;
    private const int ClientsOfEach = 20;
    private const int FileLength = 64 * 1024;

    private static readonly DnsEndPoint _dead = new("dead.test", 21);

    [AccountsFact]
    public async Task A_thousand_clients_of_fifty_identities_are_served_and_those_that_fail_harm_no_other()
    {
        using var folder = new TemporaryFolder();
        using var files = new TemporaryFolder();
        var content = await File.ReadAllBytesAsync(await TestFile.CreateAsync(files.PathOf("file"), FileLength));
        using var accounts = new Accounts([.. Enumerable.Range(0, Identities).Select(i => new Account($"user{i}", $"pass-{i}"))]);
        var machine = new Machine(null, folder);
        await using var ssh = await SshdServer.StartAsync(accounts.On(machine), IPAddress.Loopback, accounts.SshSettings);
        await using var ftp = LabServer.Start(
            new FolderStorage(files.FullName),
            options => options with { Users = accounts.All.ToDictionary(account => account.Name, account => account.Password) });
        using var silent = machine.Listen(IPAddress.Loopback); // takes connections and says nothing
        var socks = new SocksProxy(machine, ActorTunnelPort(machine));
        var configuration = folder.PathOf("actortunnel.json");
        await File.WriteAllTextAsync(configuration, $$"""
            {
              "socks": { "listen": ["{{socks.EndPoint}}"] },
              "profiles": {
                "live": { "host": "127.0.0.1", "port": {{ssh.EndPoint.Port}}, "methods": ["password"], "knownHosts": ["{{ssh.KnownHosts}}"] },
                "dead": {
                  "host": "127.0.0.1", "port": {{((IPEndPoint)silent.LocalEndPoint!).Port}}, "methods": ["password"],
                  "connectTimeout": "5s", "knownHosts": ["{{ssh.KnownHosts}}"],
                },
              },
              "rules": [
                { "host": ["{{_dead.Host}}"], "action": "ftp-tunnel", "profile": "dead", "userFromApplication": true },
                { "action": "ftp-tunnel", "profile": "live", "userFromApplication": true },
              ],
            }
            """);
        await using var proxy = await ActorTunnelProcess.StartProxyAsync(machine, configuration, socks.EndPoint);
        var together = new Meeting((Identities - 2) * ClientsOfEach);

        var wrong = ClientsOf(0, login => LoginAsync(socks, ftp.EndPoint, login with { Password = "guess" }));
        var dead = ClientsOf(1, login => LoginAsync(socks, _dead, login));
        var served = Enumerable.Range(2, Identities - 2)
            .SelectMany(i => ClientsOf(i, login => DownloadAsync(socks, ftp.EndPoint, login, together)))
            .ToArray();

        Assert.All(await Task.WhenAll(served), file => Assert.Equal(content, file));
        Assert.All(await Task.WhenAll(wrong), reply => Assert.StartsWith("530", reply, StringComparison.Ordinal));
        Assert.All(await Task.WhenAll(dead), reply => Assert.StartsWith("421", reply, StringComparison.Ordinal));
        var logins = ssh.Log.Lines.Where(line => line.StartsWith("Accepted password for ", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[3]).ToArray();
        Assert.Equal(Identities - 2, logins.Distinct().Count());
        Assert.False(proxy.HasExited);

        Task<T>[] ClientsOf<T>(int identity, Func<FtpLogin, Task<T>> runAsync)
        {
            var account = accounts.All[identity];
            return [.. Enumerable.Range(0, ClientsOfEach).Select(_ => runAsync(new FtpLogin(account.Name, account.Password)))];
        }
    }

    /// <summary>The last reply to a login that fails.</summary>
    private static async Task<string> LoginAsync(SocksProxy socks, EndPoint server, FtpLogin login)
    {
        using var ftp = await RawFtp.ConnectAsync(socks, server);
        Assert.StartsWith("220", await ftp.ReplyAsync(), StringComparison.Ordinal);
        return await ftp.LoginAsync(login);
    }

    /// <summary>A file, when all are logged in.</summary>
    private static async Task<byte[]> DownloadAsync(SocksProxy socks, IPEndPoint server, FtpLogin login, Meeting together)
    {
        using var ftp = await RawFtp.LoginAsync(socks, server, login);
        await together.ComeAsync();
        using var data = await socks.ConnectAsync(new IPEndPoint(server.Address, (await ftp.ExtendedPassiveAsync()).Port));
        return await ftp.DownloadAsync("file", data);
    }

    private static IPEndPoint ActorTunnelPort(Machine machine) => new(IPAddress.Loopback, machine.FreePort(IPAddress.Loopback));

    /// <summary>Goes on when all have come.</summary>
    private sealed class Meeting(int count)
    {
        private static readonly TimeSpan _limit = TimeSpan.FromMinutes(2);

        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _missing = count;

        public Task ComeAsync()
        {
            if (Interlocked.Decrement(ref _missing) == 0)
                _complete.SetResult();
            return _complete.Task.WaitAsync(_limit);
        }
    }
}
