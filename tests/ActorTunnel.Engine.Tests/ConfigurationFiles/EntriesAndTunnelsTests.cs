using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.ConfigurationFiles;

namespace ActorTunnel.Engine.Tests.ConfigurationFiles;

/// <summary>What a file says of proxies, tunnels, limits and audit.</summary>
public class EntriesAndTunnelsTests
{
    [Fact]
    public void The_whole_sample_means_what_it_says()
    {
        Assert.Empty(Sample.Check(Sample.Whole).Mistakes.Lines());
        Assert.Empty(Sample.Check(Sample.Whole).Warnings.Lines());
        var meaning = Sample.Build(Sample.Whole);

        Assert.Equal([IPEndPoint.Parse("127.0.0.1:1080"), IPEndPoint.Parse("[::1]:1080")], meaning.Socks!.Listen);
        Assert.Equal([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("192.0.2.1/32")], meaning.Socks.Clients);
        Assert.Equal((true, "users"), (meaning.Socks.AllowRelay, meaning.UsersFile));
        Assert.Equal([IPEndPoint.Parse("127.0.0.1:2121")], meaning.FtpProxy!.Listen);
        Assert.Equal((100, 4, TimeSpan.FromSeconds(10)),
            (meaning.Admission.MaxConnectionsPerServer, meaning.Admission.MaxConnecting, meaning.Admission.MaxWait));
        Assert.Equal("audit.log", meaning.Audit?.File);

        var (name, profile, site) = meaning.Forwards[0];
        Assert.Equal(("site", "main", ForwardKind.Ftp, 2121), (name, profile.Name, site.Kind, site.ListenPort));
        Assert.Equal([IPAddress.Any, IPAddress.IPv6Any], site.ListenAddresses);
        Assert.Equal(("ftp.internal", 21), (site.Host, site.HostPort));
        Assert.Equal((new PortRange(50000, 50099), IPAddress.Parse("192.0.2.1")), (site.Ftp.DataPorts, site.Ftp.AdvertiseAddress));

        var tcp = meaning.Forwards[1].Options;
        Assert.Equal(("tunnel-2", ForwardKind.Tcp, 5432, "2001:db8::1", 5432),
            (meaning.Forwards[1].Name, tcp.Kind, tcp.ListenPort, tcp.Host, tcp.HostPort));
        Assert.Equal([IPAddress.Loopback, IPAddress.IPv6Loopback], tcp.ListenAddresses);

        var remote = Assert.Single(meaning.RemoteForwards);
        Assert.Equal(("tunnel-3", "localhost", 2121, "localhost", 21, ServerDataMode.Active),
            (remote.Name, remote.Options.BindAddress, remote.Options.ListenPort, remote.Options.Host, remote.Options.HostPort,
                remote.Options.Ftp.DataMode));
    }

    [Theory]
    [InlineData("\"listen\": \"x\"", "socks.listen: 'x': write ADDRESS:PORT")]
    [InlineData("\"listen\": \"::1:1080\"", "socks.listen: '::1:1080': write ADDRESS:PORT, an IPv6 address in [brackets]")]
    [InlineData("\"listen\": \"proxy.example:1080\"", "socks.listen: 'proxy.example:1080': listen on an address, localhost or *")]
    [InlineData("\"listen\": \"127.0.0.1:65536\"", "socks.listen: '127.0.0.1:65536': write ADDRESS:PORT")]
    [InlineData("\"listen\": []", "socks.listen: there is no address to listen on")]
    [InlineData("\"listen\": [\"127.0.0.1:1\", \"127.1:1\"]", "socks.listen: 127.0.0.1:1 stands here twice")]
    [InlineData("\"listen\": \"192.0.2.1:1080\"", "socks.listen: 192.0.2.1:1080 lets other machines in: write \"allowRelay\": true")]
    [InlineData("\"listen\": \"*:1080\", \"clients\": \"10.0.0.0/8\"", "socks.listen: 0.0.0.0:1080 lets other machines in")]
    [InlineData("\"allowRelay\": true", "socks.allowRelay: write the networks that clients may come from as clients")]
    [InlineData("\"clients\": [\"::/0\", \"10.0.0.1/8\"]", "socks.clients[1]: '10.0.0.1/8': behind the prefix there are zeros")]
    [InlineData("\"clients\": \"10.0.0.1-10.0.0.9\"", "socks.clients: '10.0.0.1-10.0.0.9': write a network")]
    public void A_listener_that_cannot_be_is_a_mistake(string section, string mistake) =>
        Assert.StartsWith($"f:1: {mistake}", Assert.Single(Of($"\"socks\": {{ {section} }}").Mistakes).In("f"), StringComparison.Ordinal);

    [Fact]
    public void The_FTP_proxy_is_held_to_the_same() => Assert.Contains(
        "lets other machines in",
        Assert.Single(Of("\"ftpProxy\": { \"listen\": \"*:21\" }").Mistakes).Text,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("\"type\": \"ftp\", \"listen\": \"x:2121\", \"destination\": \"a:21\"",
        "listen: 'x': listen on an address, localhost or *")]
    [InlineData("\"type\": \"ftp\", \"listen\": \"*:2121\", \"destination\": \"a:21\"",
        "listen: 0.0.0.0 lets other machines in: write \"allowRelay\": true")]
    [InlineData("\"type\": \"ftp\", \"listen\": \"a\", \"destination\": \"a:21\"", "listen: 'a': write ADDRESS:PORT")]
    [InlineData("\"type\": \"ftp\", \"listen\": 1, \"destination\": \"a\"", "destination: 'a': write HOST:PORT")]
    [InlineData("\"type\": \"ftp\", \"listen\": 1, \"destination\": \"a:0\"", "destination: 'a:0': write HOST:PORT")]
    [InlineData("\"type\": \"ftp\", \"listen\": 1, \"destination\": \"a b:21\"", "destination: 'a b:21': write HOST:PORT")]
    [InlineData("\"type\": \"ftp\", \"listen\": 1, \"destination\": \"::1:21\"", "destination: '::1:21': write HOST:PORT")]
    [InlineData("\"listen\": 1, \"destination\": \"a:21\", \"type\": \"tcp\", \"dataPorts\": \"1-2\"",
        "dataPorts: this means nothing for tcp")]
    [InlineData("\"type\": \"ftp\", \"listen\": 1, \"destination\": \"a:21\", \"dataPorts\": \"9-1\"", "dataPorts: '9-1': write a port")]
    [InlineData("\"type\": \"ftp\", \"listen\": 1, \"destination\": \"a:21\", \"advertiseAddress\": \"::1\"",
        "advertiseAddress: '::1': write an IPv4 address")]
    [InlineData("\"type\": \"ftp\", \"listen\": \"*:1\", \"destination\": \"a:21\", \"remote\": true",
        "listen: this lets machines connect to the SSH server's port")]
    [InlineData("\"type\": \"ftp\", \"listen\": \"a b:1\", \"destination\": \"a:21\", \"remote\": true",
        "listen: 'a b': write a host name or an address")]
    public void A_tunnel_that_cannot_be_is_a_mistake(string section, string mistake) => Assert.StartsWith(
        $"f:1: tunnels[0].{mistake}",
        Assert.Single(Of($"{Profiles}, \"tunnels\": [ {{ {section}, \"profile\": \"main\" }} ]").Mistakes).In("f"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("", "tunnels[0]: 'profile' is missing")]
    [InlineData("\"profile\": \"man\",", "tunnels[0].profile: there is no profile 'man'; the nearest is main")]
    [InlineData("\"profile\": \"nobody\",", "tunnels[0].profile: profile nobody names no user: a tunnel needs one")]
    [InlineData("\"profile\": \"nowhere\",", "tunnels[0].profile: profile nowhere names no host: a tunnel needs one")]
    public void A_tunnel_needs_a_profile_that_leaves_nothing_open(string profile, string mistake) => Assert.Contains(
        mistake,
        Assert.Single(Of($"{Profiles}, \"tunnels\": [ {{ {profile} {Tunnel} }} ]").Mistakes).In("f"),
        StringComparison.Ordinal);

    [Fact]
    public void Tunnels_have_names_of_their_own()
    {
        const string tunnel = "{ \"type\": \"ftp\", \"name\": \"a\", \"listen\": 0, \"destination\": \"a:1\", \"profile\": \"main\" }";
        var mistake = Assert.Single(Of($"{Profiles}, \"tunnels\": [ {tunnel}, {tunnel} ]").Mistakes);
        Assert.Equal("f:1: tunnels[1].name: another tunnel has the name 'a'", mistake.In("f"));
    }

    [Theory]
    [InlineData("socks")]
    [InlineData("ftpProxy")]
    public void A_tunnel_does_not_take_a_proxys_name(string name)
    {
        var tunnel = $"{{ \"type\": \"ftp\", \"name\": \"{name}\", \"listen\": 0, \"destination\": \"a:1\", \"profile\": \"main\" }}";
        var mistake = Assert.Single(Of($"{Profiles}, \"tunnels\": [ {tunnel} ]").Mistakes);
        Assert.Equal($"f:1: tunnels[0].name: '{name}' is the proxy's own name in logs and audit: choose another one", mistake.In("f"));
    }

    [Fact]
    public void One_mistake_hides_no_other_and_leads_to_none()
    {
        var mistakes = Of($$"""
            {{Profiles}},
            "socks": { "listn": "x", "clients": ["a b", 5, "10.0.0.1/8"], "alowRelay": true },
            "rules": [
              { "action": "go", "ports": "0", "profile": "gone", "host": [1, "a b"] },
              { "action": "tunnel", "profil": "main" },
              { "acton": "tunnel", "ports": "x" },
              { "action": "direct" },
            ],
            "tunnels": [
              { "type": "ftp", "listen": "x:1", "destination": "a", "profile": "man" },
              { "type": "udp", "listen": 1, "destination": "b", "dataPorts": "9-1", "profile": "main" },
              5,
              { "type": "tcp", "listn": 1, "destination": "a:1", "profile": "main" },
            ],
            """).Mistakes;
        Assert.Equal(
            [
                "rules[0].action", "rules[0].host[0]", "rules[0].host[1]", "rules[0].ports", "rules[0].profile", "rules[1].profil",
                "rules[2].acton", "rules[2].ports", "socks.alowRelay", "socks.clients[0]", "socks.clients[1]", "socks.clients[2]",
                "socks.listn", "tunnels[0].destination", "tunnels[0].listen", "tunnels[0].profile", "tunnels[1].dataPorts",
                "tunnels[1].destination", "tunnels[1].type", "tunnels[2]", "tunnels[3].listn",
            ],
            mistakes.Select(mistake => mistake.Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("\"maxConnecting\": 0", "limits.maxConnecting: 0 is not from 1 to 1000")]
    [InlineData("\"maxConnectionsPerServer\": 100001", "limits.maxConnectionsPerServer: 100001 is not from 1 to 100000")]
    [InlineData("\"maxWait\": \"soon\"", "limits.maxWait: 'soon': write a time of at most 30 days, as in 90 or 1m30s")]
    [InlineData("\"maxWait\": \"2h\"", "limits.maxWait: write a time up to an hour")]
    [InlineData("\"maxWait\": 0", "limits.maxWait: write a time up to an hour")]
    public void A_limit_has_its_bounds(string section, string mistake) => Assert.StartsWith(
        $"f:1: {mistake}", Assert.Single(Of($"\"socks\": {{}}, \"limits\": {{ {section} }}").Mistakes).In("f"), StringComparison.Ordinal);

    [Fact]
    public void Audit_goes_somewhere() => Assert.Contains(
        "this goes nowhere", Assert.Single(Of("\"socks\": {}, \"audit\": {}").Mistakes).Text, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_asks_for_nothing_is_a_mistake() => Assert.Contains(
        "nothing is to be done", Assert.Single(Of(Profiles).Mistakes).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"socks\": {}", "without rules every connection is refused")]
    [InlineData("\"ftpProxy\": {}", "without rules every connection is refused")]
    [InlineData(Profiles + ", \"rules\": [ { \"action\": \"block\" } ], "
        + "\"tunnels\": [ { \"type\": \"tcp\", \"listen\": 1, \"destination\": \"a:1\", \"profile\": \"main\" } ]",
        "nobody asks these rules")]
    public void Half_of_a_proxy_is_a_warning(string text, string warning)
    {
        Assert.Empty(Of(text).Mistakes);
        Assert.Contains(warning, Assert.Single(Of(text).Warnings).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_file_with_mistakes_nothing_is_built() =>
        Assert.Throws<InvalidOperationException>(() => Of("").Build(new Dictionary<string, ProfileTemplate>()));

    private const string Tunnel = "\"type\": \"ftp\", \"listen\": 1, \"destination\": \"a:21\"";

    private const string Profiles =
        "\"profiles\": { \"main\": { \"host\": \"h\", \"user\": \"u\" }, "
        + "\"nobody\": { \"host\": \"h\" }, \"nowhere\": { \"user\": \"u\" } }";

    private static CheckedConfiguration Of(string members) => Sample.Check($"{{ {members.ReplaceLineEndings(" ")} }}");
}
