using System.Net;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions;

public sealed class SessionTargetTests
{
    [Fact]
    public void A_destination_that_the_rule_gives_is_meant_by_it_and_an_announced_address_is_not()
    {
        var target = Of(new FilterRule { Name = "r", Action = FilterAction.Direct, Destination = "localhost" }, "localhost");

        Assert.Null(target.Check!("localhost", 21, [IPAddress.Loopback]));
        Assert.Contains("does not name it", target.Check("127.0.0.1", 22, [IPAddress.Loopback]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_falls_back_to_plain_is_checked_as_a_direct_connection_is()
    {
        var rule = new FilterRule { Name = "r", Action = FilterAction.FtpTunnel, Profile = SocksScenario.Profile, FallbackToPlain = true };

        Assert.Contains("loopback", Of(rule, "localhost").Check!("localhost", 21, [IPAddress.Loopback]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_addresses_that_the_rules_have_compared_are_the_connection_s()
    {
        var direct = new FilterRule { Name = "r", Action = FilterAction.Direct };
        var block = direct with { Action = FilterAction.Block, Addresses = [AddressRange.Parse("10.0.0.0/8")], Resolve = true };
        IPAddress[] resolved = [IPAddress.Parse("192.0.2.1")];

        Assert.Equal(resolved, Decided(direct).Addresses);
        Assert.Null(Decided(direct with { Destination = "ftp.internal" }).Addresses);

        SessionTarget Decided(FilterRule rule) => SessionTarget.Of(
            "socks-1",
            new RuleSet([block, rule]).Decide(new("ftp.example.com", 21, IPAddress.Loopback) { Addresses = resolved })!,
            socksUser: null);
    }

    private static SessionTarget Of(FilterRule rule, string host) =>
        SessionTarget.Of("socks-1", new Decision(rule, rule.Action, host, 21), socksUser: null);
}
