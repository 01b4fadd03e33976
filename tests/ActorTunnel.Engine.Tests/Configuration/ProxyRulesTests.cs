using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Engine.Tests.Configuration;

public class ProxyRulesTests
{
    [Theory]
    [InlineData("db.internal", 22, null)]
    [InlineData("DB.Internal", 22, null)]
    [InlineData("internal", 22, "web")]
    [InlineData("10.1.2.3", 22, null)]
    [InlineData("11.1.2.3", 22, "web")]
    [InlineData("::ffff:10.1.2.3", 22, null)]
    [InlineData("fd00::1", 22, null)]
    [InlineData("fd00:0::1", 22, null)]
    [InlineData("fd00::2", 22, "socks")]
    [InlineData("fd00::2", 23, "web")]
    [InlineData("host7.example", 2222, "socks")]
    [InlineData("host7.example", 2223, "web")]
    [InlineData("host77.example", 2222, "web")]
    public void The_first_rule_that_matches_decides(string host, int port, string? expected)
    {
        var rules = ProxyRules.Parse(
            "direct:///*.internal,10.0.0.0/8,fd00::1;socks5://socks:1080/host?.example:2200-2222,[fd00::/64]:22; http://web:3128");

        Assert.Equal(expected, ProxyRules.Choose(rules, host, port)?.Host);
    }

    [Fact]
    public void Without_a_match_the_way_is_direct() =>
        Assert.Null(ProxyRules.Choose(ProxyRules.Parse("socks5://proxy:1080/*:80"), "server", 22));

    [Fact]
    public void A_proxy_has_a_kind_a_user_a_host_and_a_port()
    {
        Func<byte[]> password = () => [1];

        var rules = ProxyRules.Parse("socks5://me%40home@[fd00::3]:1080\nHTTP://proxy:8080/*", password);
        var (socks, http) = (rules[0].Proxy!, rules[1].Proxy!);

        Assert.Equal((ProxyProtocol.Socks5, "me@home", "fd00::3", 1080), (socks.Protocol, socks.User, socks.Host, socks.Port));
        Assert.Same(password, socks.Password);
        Assert.Equal((ProxyProtocol.Http, null, "proxy", 8080), (http.Protocol, http.User, http.Host, http.Port));
        Assert.Null(http.Password);
    }

    [Fact]
    public void A_file_has_a_rule_on_each_line_and_comments()
    {
        var rules = ProxyRules.Parse("# ours; direct:///\r\n\r\n  direct:///*.internal\r\nhttp://proxy:8080\n");

        Assert.Equal([null, "proxy"], rules.Select(rule => rule.Proxy?.Host));
        Assert.Empty(rules[1].Destinations);
    }

    [Theory]
    [InlineData("proxy:1080", "socks5://")]
    [InlineData("socks4://proxy:1080", "not known")]
    [InlineData("direct://*.internal", "third slash")]
    [InlineData("socks5://proxy", "port")]
    [InlineData("socks5://proxy:0", "port")]
    [InlineData("socks5://proxy:65536", "port")]
    [InlineData("socks5://:1080", "host")]
    [InlineData("socks5://[fd00::1:1080", "host")]
    [InlineData("socks5://pro*y:1080", "host")]
    [InlineData("socks5://@proxy:1080", "user name")]
    [InlineData("direct:///10.0.0.0/33", "network")]
    [InlineData("direct:///10.0.0.0/8/9", "network")]
    [InlineData("direct:///host:", "port")]
    [InlineData("direct:///host:25-20", "range")]
    [InlineData("direct:///host:1-2-3", "range")]
    [InlineData("direct:///[host", "destination")]
    [InlineData("direct:///:22", "destination")]
    [InlineData("direct:///ho st", "spaces")]
    public void What_is_no_rule_is_refused_with_what_to_write(string text, string words) =>
        Assert.Contains(words, Assert.Throws<FormatException>(() => ProxyRules.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_password_in_a_rule_is_refused_and_not_repeated()
    {
        var failed = Assert.Throws<FormatException>(() => ProxyRules.Parse("socks5://me:secret@proxy:1080"));

        Assert.Contains("password", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failed.Message, StringComparison.Ordinal);
    }
}
