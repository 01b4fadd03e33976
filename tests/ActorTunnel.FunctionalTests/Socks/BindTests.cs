using System.Net;
using System.Net.Sockets;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Socks;

/// <summary>Active mode by BIND: the port that the client names to the FTP server is the proxy's.</summary>
[Collection(SharedSocksSite.Name)]
public sealed class BindTests(SocksSite site)
{
    private const string Rule = """{ "action": "ftp-tunnel", "profile": "key", "destination": "localhost" }""";

    // An address, because SOCKS 4 has no names in BIND.
    private static readonly IPEndPoint _server = new(IPAddress.Parse("10.88.0.2"), 21);

    [AccountsTheory]
    [InlineData(SocksVersion.Socks4, "PORT")]
    [InlineData(SocksVersion.Socks5, "PORT")]
    [InlineData(SocksVersion.Socks5, "EPRT")]
    public async Task A_bound_port_receives_the_FTP_server_s_data_connection(SocksVersion version, string command)
    {
        await using var proxy = await site.StartWithRulesAsync(Rule);
        var socks = site.Socks with { Version = version };
        var name = $"{Guid.NewGuid():N}";
        var original = await File.ReadAllBytesAsync(await TestFile.CreateAsync(site.Ftp.PathOf($"alice/{name}"), 3 * TestFile.Mebibyte));
        using var ftp = await RawFtp.LoginAsync(socks, _server, SocksSite.LoginOf(SocksSite.Alice));

        using (var binding = await socks.BindAsync(_server))
        {
            Assert.StartsWith("200", await ftp.CommandAsync(Words(command, binding.EndPoint)), StringComparison.Ordinal);
            await ftp.SendAsync($"RETR {name}");
            Assert.StartsWith("150", await ftp.ReplyAsync(), StringComparison.Ordinal);
            await binding.AcceptedAsync();
            using var content = new MemoryStream();
            await using (var stream = new NetworkStream(binding.Socket, ownsSocket: false))
                await stream.CopyToAsync(content);
            Assert.StartsWith("226", await ftp.ReplyAsync(), StringComparison.Ordinal);
            Assert.Equal(original, content.ToArray());
        }

        using (var binding = await socks.BindAsync(_server))
        {
            Assert.StartsWith("200", await ftp.CommandAsync(Words(command, binding.EndPoint)), StringComparison.Ordinal);
            Assert.StartsWith("150", await ftp.CommandAsync($"STOR {name}-back"), StringComparison.Ordinal);
            await binding.AcceptedAsync();
            await using (var stream = new NetworkStream(binding.Socket, ownsSocket: false))
                await stream.WriteAsync(original);
            binding.Socket.Shutdown(SocketShutdown.Send);
            Assert.StartsWith("226", await ftp.ReplyAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(original, await File.ReadAllBytesAsync(site.Ftp.PathOf($"alice/{name}-back")));
    }

    [AccountsFact]
    public async Task BIND_opens_nothing_on_the_SSH_server_until_the_control_connection_names_it()
    {
        await using var proxy = await site.StartWithRulesAsync(Rule);
        using var ftp = await RawFtp.LoginAsync(site.Socks, _server, SocksSite.LoginOf(SocksSite.Alice));
        var before = CountListeners();

        using var binding = await site.Socks.BindAsync(_server);
        Assert.StartsWith("257", await ftp.CommandAsync("PWD"), StringComparison.Ordinal);
        Assert.Equal(before, CountListeners());

        Assert.StartsWith("200", await ftp.CommandAsync(Words("PORT", binding.EndPoint)), StringComparison.Ordinal);
        await Eventually.IsTrueAsync(() => CountListeners() > before, "sshd listens");
    }

    [AccountsFact]
    public async Task A_bound_port_that_another_client_names_is_not_given_to_it()
    {
        await using var proxy = await site.StartWithRulesAsync(Rule);
        var stranger = site.Socks with { Source = IPAddress.Parse("127.0.0.2") };
        using var ftp = await RawFtp.LoginAsync(stranger, _server, SocksSite.LoginOf(SocksSite.Alice));
        using var binding = await site.Socks.BindAsync(_server);

        Assert.StartsWith("5", await ftp.CommandAsync(Words("PORT", binding.EndPoint)), StringComparison.Ordinal);
    }

    private int CountListeners() =>
        site.Ssh.Log.Lines.Count(line => line.Contains("Allocated listen port", StringComparison.Ordinal)
            || line.Contains("Local forwarding listening", StringComparison.Ordinal));

    private static string Words(string command, IPEndPoint endPoint) => command == "PORT"
        ? $"PORT {endPoint.Address.ToString().Replace('.', ',')},{endPoint.Port >> 8},{endPoint.Port & 255}"
        : $"EPRT |1|{endPoint.Address}|{endPoint.Port}|";
}
