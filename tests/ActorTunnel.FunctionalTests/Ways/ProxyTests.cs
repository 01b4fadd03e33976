using System.Text;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Ways;

/// <summary>Real proxies on the way to the first SSH server.</summary>
public sealed class ProxyTests : IAsyncLifetime, IDisposable
{
    private readonly LocalParts _parts = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _parts.StopAsync();

    public void Dispose() => _parts.Dispose();

    [RealPartsTheory]
    [InlineData("microsocks", false)]
    [InlineData("microsocks", true)]
    [InlineData("tinyproxy", false)]
    [InlineData("tinyproxy", true)]
    [InlineData("ssh", false)]
    public async Task Files_are_whole_behind_a_proxy_and_the_rule_decides_whether_it_is_taken(string program, bool login)
    {
        var (ssh, ftp) = (await _parts.SshdAsync(), await _parts.FtpAsync());
        var proxy = await StartAsync(program, login);
        var url = Url(program, login ? ProxyProcess.User : null, proxy);
        // A name for the address, so that it is the proxy that resolves it.
        var profile = LocalEngine.ProfileOf(ssh) with
        {
            Host = "localhost",
            Proxies = ProxyRules.Parse($"direct:///127.0.0.1;{url}/localhost:{ssh.EndPoint.Port}", Password),
        };
        await using var engine = LocalEngine.Create();
        var entry = await engine.ForwardFtpAsync(ftp, profile);

        await _parts.CarryAsync(entry, ftp, DataMode.ExtendedPassive);
        await using var direct = LocalEngine.Create();
        await proxy.KillAsync();
        await direct.ConnectAsync(profile with { Host = "127.0.0.1" }, CancellationToken.None);

        await using var broken = LocalEngine.Create();
        var failed = await Assert.ThrowsAsync<TunnelException>(() => broken.ConnectAsync(profile, CancellationToken.None));
        Assert.Equal(Failure.ConnectionRefused, failed.Failure);
        Assert.Contains("is the proxy listening there?", failed.Message, StringComparison.Ordinal);
    }

    [RealPartsTheory]
    [InlineData("microsocks")]
    [InlineData("tinyproxy")]
    public async Task A_proxy_that_wants_another_login_says_so(string program)
    {
        var ssh = await _parts.SshdAsync();
        var proxy = await StartAsync(program, login: true);

        var nobody = await FailsAsync(ssh, Url(program, null, proxy), Password);
        var wrong = await FailsAsync(ssh, Url(program, ProxyProcess.User, proxy), () => "guess"u8.ToArray());

        Assert.Equal((Failure.Authentication, Failure.Authentication), (nobody.Failure, wrong.Failure));
        Assert.Contains("://USER@", nobody.Message, StringComparison.Ordinal);
        Assert.Contains("refuses the password of alice", wrong.Message, StringComparison.Ordinal);
    }

    [RealPartsTheory]
    [InlineData("microsocks", Failure.ConnectionRefused)]
    [InlineData("tinyproxy", Failure.Unreachable)]
    public async Task A_server_that_is_down_behind_a_proxy_is_named_with_it(string program, Failure failure)
    {
        var ssh = await _parts.SshdAsync();
        var proxy = await StartAsync(program, login: false);
        await ssh.KillAsync();

        var failed = await FailsAsync(ssh, Url(program, null, proxy), Password);

        Assert.Equal(failure, failed.Failure);
        Assert.StartsWith($"Proxy 127.0.0.1 port {proxy.EndPoint.Port}: ", failed.Message, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1 port {ssh.EndPoint.Port}", failed.Message, StringComparison.Ordinal);
    }

    [RealPartsFact]
    public async Task A_proxy_is_before_the_first_jump_host_and_nowhere_else()
    {
        var (bastion, target, ftp) = (await _parts.SshdAsync(), await _parts.SshdAsync(), await _parts.FtpAsync());
        var proxy = await StartAsync("tinyproxy", login: false);
        var rules = ProxyRules.Parse(Url("tinyproxy", null, proxy));
        await using var engine = LocalEngine.Create();
        var entry = await engine.ForwardFtpAsync(
            ftp, LocalEngine.ProfileOf(target) with { Via = LocalEngine.ProfileOf(bastion) with { Proxies = rules }, Proxies = rules });

        await _parts.CarryAsync(entry, ftp, DataMode.Active);

        var requests = proxy.Log.Where(line => line.Contains("Request (", StringComparison.Ordinal));
        Assert.Contains($"CONNECT {bastion.EndPoint} HTTP", Assert.Single(requests), StringComparison.Ordinal);
    }

    private static byte[] Password() => Encoding.ASCII.GetBytes(ProxyProcess.Password);

    private static string Url(string program, string? user, ProxyProcess proxy) =>
        $"{(program == "tinyproxy" ? "http" : "socks5")}://{(user is null ? "" : $"{user}@")}{proxy.EndPoint}";

    private static async Task<TunnelException> FailsAsync(SshdServer ssh, string rules, Func<byte[]> password)
    {
        await using var engine = LocalEngine.Create();
        var profile = LocalEngine.ProfileOf(ssh) with { Proxies = ProxyRules.Parse(rules, password) };
        return await Assert.ThrowsAsync<TunnelException>(() => engine.ConnectAsync(profile, CancellationToken.None));
    }

    private Task<ProxyProcess> StartAsync(string program, bool login) => _parts.ProxyAsync(async (machine, folder) => program switch
    {
        "microsocks" => await ProxyProcess.MicrosocksAsync(machine, login),
        "tinyproxy" => await ProxyProcess.TinyproxyAsync(machine, folder, login),
        _ => await ProxyProcess.SshAsync(machine, await _parts.SshdAsync()),
    });
}
