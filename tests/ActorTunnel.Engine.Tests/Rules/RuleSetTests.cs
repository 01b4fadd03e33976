using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Engine.Tests.Rules;

public class RuleSetTests
{
    private static readonly FilterRule _all = new() { Name = "all", Action = FilterAction.Tunnel };

    [Fact]
    public void The_first_rule_that_matches_decides()
    {
        var rules = new RuleSet([_all with { Name = "a", Ports = [new PortRange(22, 22)] }, _all with { Name = "b" }, _all]);
        Assert.Equal("b", rules.Decide(Request())?.Rule?.Name);
    }

    [Fact]
    public void Without_a_rule_that_matches_a_connection_is_blocked()
    {
        var decision = RuleSet.Empty.Decide(Request());
        Assert.Equal((FilterAction.Block, "no rule matches"), (decision?.Action, decision?.Refusal));
        Assert.Null(decision?.Rule);
    }

    [Fact]
    public void What_is_no_host_is_blocked_whatever_the_rules_say()
    {
        var decision = new RuleSet([_all]).Decide(Request("256.1.1.1"));
        Assert.Equal((FilterAction.Block, "that is no host name and no address"), (decision?.Action, decision?.Refusal));
    }

    [Fact]
    public void A_block_rule_blocks_and_says_so()
    {
        var decision = new RuleSet([_all with { Action = FilterAction.Block }]).Decide(Request());
        Assert.Equal((FilterAction.Block, "rule all blocks it"), (decision?.Action, decision?.Refusal));
    }

    [Fact]
    public void The_canonical_form_is_what_is_passed_on()
    {
        Assert.Equal("127.0.0.1", new RuleSet([_all]).Decide(Request("0x7f.1"))?.Host);
        Assert.Equal("ftp.example.com", new RuleSet([_all]).Decide(Request("FTP.Example.com."))?.Host);
        Assert.Equal("10.0.0.1", new RuleSet([_all with { HostFromApplication = true }]).Decide(Request("10.1"))?.SshHost);
    }

    [Fact]
    public void A_rule_may_send_connections_elsewhere()
    {
        var decision = new RuleSet([_all with { Destination = "127.0.0.1", DestinationPort = 2121, HostFromApplication = true }])
            .Decide(Request());
        Assert.Equal(("127.0.0.1", 2121, "ftp.example.com"), (decision?.Host, decision?.Port, decision?.SshHost));
    }

    [Fact]
    public void Without_hostFromApplication_the_SSH_server_is_the_profiles_own() =>
        Assert.Null(new RuleSet([_all]).Decide(Request())?.SshHost);

    [Theory]
    [InlineData("FTP.example.com.", true)]
    [InlineData("ftp.example.org", false)]
    public void Hosts_are_a_condition(string host, bool matches) =>
        Assert.Equal(matches, Matches(_all with { Hosts = ["a.b", "*.example.com"] }, Request(host)));

    [Theory]
    [InlineData("ftp1.example.com", true)]
    [InlineData("ftp.example.com", false)]
    public void A_regular_expression_is_a_condition(string host, bool matches) =>
        Assert.Equal(matches, Matches(_all with { HostRegex = HostExpression.Parse("ftp[0-9]\\..*") }, Request(host)));

    [Theory]
    [InlineData(21, true)]
    [InlineData(22, false)]
    [InlineData(2100, true)]
    [InlineData(2199, true)]
    [InlineData(2200, false)]
    public void Ports_are_a_condition(int port, bool matches)
    {
        var rule = _all with { Ports = [new PortRange(21, 21), new PortRange(2100, 2199)] };
        Assert.Equal(matches, Matches(rule, Request() with { Port = port }));
    }

    [Theory]
    [InlineData("10.9.9.9", true)]
    [InlineData("192.0.2.1", false)]
    public void Clients_are_a_condition(string client, bool matches) => Assert.Equal(
        matches, Matches(_all with { Clients = [AddressRange.Parse("10.0.0.0/8")] }, Request() with { Client = IPAddress.Parse(client) }));

    [Theory]
    [InlineData("alice", true)]
    [InlineData("Alice", false)]
    [InlineData(null, false)]
    public void The_SOCKS_user_is_a_condition(string? user, bool matches) =>
        Assert.Equal(matches, Matches(_all with { SocksUsers = ["alice", "bob"] }, Request() with { SocksUser = user }));

    [Fact]
    public void All_conditions_must_hold()
    {
        var rule = _all with { Hosts = ["ftp.*"], Ports = [new PortRange(21, 21)] };
        Assert.True(Matches(rule, Request()));
        Assert.False(Matches(rule, Request("www.example.com")));
        Assert.False(Matches(rule, Request() with { Port = 80 }));
    }

    [Theory]
    [InlineData("10.1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("0xa000001", true)]
    [InlineData("192.0.2.1", false)]
    public void Addresses_are_a_condition_however_they_are_written(string host, bool matches) =>
        Assert.Equal(matches, Matches(Addressed(FilterAction.Tunnel, resolve: false), Request(host)));

    [Fact]
    public void Without_resolve_a_name_never_matches_addresses() =>
        Assert.False(Matches(Addressed(FilterAction.Block, resolve: false), Request() with { Addresses = [IPAddress.Parse("10.0.0.1")] }));

    [Fact]
    public void With_resolve_the_addresses_of_a_name_are_asked_for_when_all_else_holds()
    {
        var rule = Addressed(FilterAction.Block, resolve: true) with { Ports = [new PortRange(21, 21)] };
        Assert.Null(new RuleSet([rule, _all]).Decide(Request()));
        Assert.Equal("all", new RuleSet([rule, _all]).Decide(Request() with { Port = 22 })?.Rule?.Name);
        Assert.Equal("all", new RuleSet([_all, rule]).Decide(Request())?.Rule?.Name);
        Assert.NotNull(new RuleSet([rule, _all]).Decide(Request("192.0.2.1")));
    }

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("10.0.0.1 192.0.2.1", true)]
    [InlineData("192.0.2.1", false)]
    [InlineData("", true)]
    public void To_block_a_name_one_of_its_addresses_is_enough_or_that_it_has_none(string addresses, bool matches) =>
        Assert.Equal(matches, Matches(Addressed(FilterAction.Block, resolve: true), Request() with { Addresses = Addresses(addresses) }));

    [Theory]
    [InlineData(FilterAction.Direct)]
    [InlineData(FilterAction.Tunnel)]
    [InlineData(FilterAction.FtpTunnel)]
    public void To_let_a_name_pass_all_of_its_addresses_must_be_there(FilterAction action)
    {
        var rule = Addressed(action, resolve: true);
        Assert.True(Matches(rule, Request() with { Addresses = Addresses("10.0.0.1 10.0.0.2") }));
        Assert.False(Matches(rule, Request() with { Addresses = Addresses("10.0.0.1 192.0.2.1") }));
        Assert.False(Matches(rule, Request() with { Addresses = [] }));
    }

    [Fact]
    public void A_name_that_is_blocked_because_it_does_not_resolve_is_told_so() =>
        Assert.Contains(
            "does not resolve here",
            new RuleSet([Addressed(FilterAction.Block, resolve: true)]).Decide(Request() with { Addresses = [] })?.Refusal,
            StringComparison.Ordinal);

    [Fact]
    public void The_explanation_names_the_first_condition_that_fails_up_to_the_rule_that_decides()
    {
        var rules = new RuleSet(
        [
            _all with { Name = "ports", Ports = [new PortRange(22, 22)] },
            _all with { Name = "client", Clients = [AddressRange.Parse("10.0.0.0/8")] },
            _all with { Name = "user", SocksUsers = ["bob"] },
            _all with { Name = "host", Hosts = ["a"] },
            _all with { Name = "regex", HostRegex = HostExpression.Parse("a") },
            Addressed(FilterAction.Block, resolve: false),
            _all,
            _all with { Name = "never" },
        ]);
        Assert.Equal(
            [
                Condition.Ports, Condition.Client, Condition.SocksUser, Condition.Host, Condition.HostRegex, Condition.Address,
                Condition.Holds,
            ],
            rules.Explain(Request()).Select(one => one.Condition));
        Assert.Empty(rules.Explain(Request("a b")));
    }

    private static FilterRule Addressed(FilterAction action, bool resolve) =>
        new() { Name = "net", Action = action, Addresses = [AddressRange.Parse("10.0.0.0/8")], Resolve = resolve };

    private static ConnectionRequest Request(string host = "ftp.example.com") => new(host, 21, IPAddress.Loopback);

    private static IPAddress[] Addresses(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)];

    private static bool Matches(FilterRule rule, ConnectionRequest request) => new RuleSet([rule]).Decide(request)?.Rule == rule;
}
