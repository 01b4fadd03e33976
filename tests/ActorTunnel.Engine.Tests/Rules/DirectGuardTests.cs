using System.Net;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Engine.Tests.Rules;

public class DirectGuardTests
{
    private static readonly FilterRule _all = new() { Name = "all", Action = FilterAction.Direct };
    private static readonly IPEndPoint[] _listeners = [new(IPAddress.Loopback, 1080), new(IPAddress.Parse("192.0.2.7"), 1080)];

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("224.0.0.1")]
    [InlineData("ff02::1")]
    [InlineData("255.255.255.255")]
    [InlineData("192.0.2.1 127.0.0.1")]
    public void A_rule_for_everything_does_not_mean_this_machine_or_its_link(string addresses)
    {
        Assert.Contains("rule all does not name it", Refusal(_all, "name.example", addresses), StringComparison.Ordinal);
        Assert.NotNull(Refusal(_all with { Hosts = ["*.example"] }, "name.example", addresses));
        var everywhere = new[] { AddressRange.Parse("0.0.0.0/0"), AddressRange.Parse("::/0") };
        Assert.NotNull(Refusal(_all with { Addresses = everywhere }, "x.example", addresses));
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    [InlineData("10.0.0.1 10.0.0.2")]
    public void Other_machines_are_no_matter_of_it(string addresses) => Assert.Null(Refusal(_all, "name.example", addresses));

    [Fact]
    public void A_rule_names_an_address_or_localhost_exactly_to_mean_it()
    {
        Assert.Null(Refusal(_all with { Hosts = ["LOCALHOST"] }, "localhost", "127.0.0.1"));
        Assert.Null(Refusal(_all with { Hosts = ["127.1"] }, "127.0.0.1", "127.0.0.1"));
        Assert.NotNull(Refusal(_all with { Hosts = ["local*"] }, "localhost", "127.0.0.1"));
        Assert.NotNull(Refusal(_all with { Hosts = ["ftp.example"] }, "ftp.example", "127.0.0.1"));
        Assert.NotNull(Refusal(_all with { Hosts = ["localhost", "*"] }, "other", "127.0.0.1"));
    }

    [Theory]
    [InlineData("127.0.0.0/8", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.2", "127.0.0.1", false)]
    [InlineData("126.0.0.0-127.0.0.5", "127.0.0.1", false)]
    [InlineData("169.254.169.254", "169.254.169.254", true)]
    [InlineData("fe80::/10", "fe80::1", true)]
    [InlineData("fe00::/8", "fe80::1", false)]
    public void A_rule_names_addresses_that_are_all_of_that_kind_to_mean_them(string range, string address, bool isNamed) =>
        Assert.Equal(isNamed, Refusal(_all with { Addresses = [AddressRange.Parse(range)] }, address, address) is null);

    [Fact]
    public void A_destination_of_the_rules_own_is_meant() =>
        Assert.Null(Refusal(_all with { Destination = "127.0.0.1" }, "127.0.0.1", "127.0.0.1"));

    [Fact]
    public void A_listener_of_this_program_is_meant_only_when_it_is_named()
    {
        Assert.Contains("a listener of this program", Refusal(_all, "192.0.2.7", "192.0.2.7", port: 1080), StringComparison.Ordinal);
        Assert.NotNull(Refusal(_all with { Addresses = [AddressRange.Parse("192.0.2.0/24")] }, "192.0.2.7", "192.0.2.7", port: 1080));
        Assert.Null(Refusal(_all with { Addresses = [AddressRange.Parse("192.0.2.7")] }, "192.0.2.7", "192.0.2.7", port: 1080));
        Assert.Null(Refusal(_all, "192.0.2.7", "192.0.2.7", port: 1081));
    }

    [Fact]
    public void Without_a_rule_nothing_is_allowed() =>
        Assert.NotNull(DirectGuard.Refusal(RuleSet.Empty.Decide(new("a", 1, IPAddress.Loopback))!, [IPAddress.Parse("192.0.2.1")], []));

    private static string? Refusal(FilterRule rule, string host, string addresses, int port = 21) => DirectGuard.Refusal(
        new Decision(rule, FilterAction.Direct, host, port), [.. addresses.Split(' ').Select(IPAddress.Parse)], _listeners);
}
