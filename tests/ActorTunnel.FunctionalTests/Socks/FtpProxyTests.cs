using System.Net;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Socks;

/// <summary>Programs that know nothing of SOCKS: they log in as USER@HOST at the FTP proxy.</summary>
[Collection(SharedSocksSite.Name)]
public sealed class FtpProxyTests(SocksSite site)
{
    private static readonly IPEndPoint _entry = new(IPAddress.Loopback, 2121);

    // Behind the login it is a session like any other: one case for each program.
    private static readonly (ClientProgram Program, DataMode Mode)[] _always =
        [(ClientProgram.Curl, DataMode.ExtendedPassive), (ClientProgram.Lftp, DataMode.Passive), (ClientProgram.Tnftp, DataMode.Active)];

    public static TheoryData<ClientProgram, DataMode> Clients { get; } = [];

    static FtpProxyTests()
    {
        var all =
            from program in Enum.GetValues<ClientProgram>()
            from mode in new[] { DataMode.Passive, DataMode.ExtendedPassive, DataMode.Active }
            select (program, mode);
        foreach (var (program, mode) in RealParts.AllCases ? all : _always)
            Clients.Add(program, mode);
    }

    [AccountsTheory]
    [MemberData(nameof(Clients))]
    public async Task The_login_names_the_server(ClientProgram program, DataMode mode)
    {
        await using var proxy = await StartAsync("application", userFromApplication: true);
        var original = await TestFile.CreateAsync(site.Ftp.PathOf("alice/at"), TestFile.Mebibyte);
        var copy = site.ClientFiles.PathOf($"at-{program}-{mode}");
        var client = Create(program, "alice@server");

        var download = (await client.DownloadAsync(_entry, mode, "at", copy)).Succeeded();
        await TestFile.AssertSameAsync(original, copy, download);
        mode.AssertUsed(download);
        var upload = (await client.UploadAsync(_entry, mode, copy, "at-back")).Succeeded();
        await TestFile.AssertSameAsync(original, site.Ftp.PathOf("alice/at-back"), upload);
    }

    [AccountsTheory]
    [InlineData("alice@inner.test:21")]
    [InlineData("alice@10.89.0.2")]
    public async Task A_port_or_an_address_may_be_named(string user)
    {
        await using var proxy = await StartAsync("key", userFromApplication: false);
        await TestFile.CreateAsync(site.Inner.PathOf("alice/listed"), 1);

        var outcome = (await Create(ClientProgram.Curl, user).ListAsync(_entry, DataMode.ExtendedPassive, ".")).Succeeded();

        Assert.Contains(outcome.Output, line => line.EndsWith(" listed", StringComparison.Ordinal));
    }

    [AccountsFact]
    public async Task What_the_rules_block_is_told_in_FTP()
    {
        await using var proxy = await StartAsync("key", userFromApplication: false);
        using var ftp = await RawFtp.ConnectAsync(site.Client, _entry);
        Assert.StartsWith("220", await ftp.ReplyAsync(), StringComparison.Ordinal);

        var reply = await ftp.LoginAsync(new FtpLogin("alice@blocked.test", "secret"));

        Assert.StartsWith("5", reply, StringComparison.Ordinal);
    }

    private FtpClient Create(ClientProgram program, string user)
    {
        var login = new FtpLogin(program == ClientProgram.Curl ? Uri.EscapeDataString(user) : user, SocksSite.Alice.Password);
        return program switch
        {
            ClientProgram.Curl => new Curl(site.Client) { Login = login },
            ClientProgram.Lftp => new Lftp(site.Client) { Login = login },
            _ => new Tnftp(site.Client) { Login = login },
        };
    }

    private Task<ActorTunnelProcess> StartAsync(string profile, bool userFromApplication) => site.StartAsync(
        $$"""
        {
          "ftpProxy": {},
          "profiles": {{site.Profiles}},
          "rules": [
            { "host": ["blocked.test"], "action": "block" },
            { "action": "ftp-tunnel", "profile": "{{profile}}", "userFromApplication": {{(userFromApplication ? "true" : "false")}} },
          ],
        }
        """,
        _entry);
}
