using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Engine.Tests.ConfigurationFiles;

/// <summary>What a file says of rules.</summary>
public class RuleMeaningTests
{
    private const string Profiles = """
        "main": { "host": "h", "user": "u" }, "nobody": { "host": "h" }, "nowhere": { "user": "u" }, "open": {},
        "new": { "hostKeyPolicy": "accept-new" }, "new-keys": { "hostKeyPolicy": "accept-new", "methods": ["agent", "publickey"] },
        "new-known": { "hostKeyPolicy": "accept-new", "acceptNewWithPasswords": true },
        "new-pinned": { "hostKeyPolicy": "accept-new", "hostKeys": "SHA256:x" }
        """;

    [Fact]
    public void A_rule_is_what_the_file_says()
    {
        var rules = Sample.Build(Sample.Whole).Rules;
        Assert.Equal(["no metadata", "ftp", "rule-3", "rule-4"], rules.Rules.Select(rule => rule.Name));
        var ftp = rules.Rules[1];
        Assert.Equal(["*.internal", "ftp.example.com"], ftp.Hosts);
        Assert.Equal([new PortRange(21, 21), new PortRange(2100, 2199)], ftp.Ports);
        Assert.Equal([AddressRange.Parse("10.0.0.0/8")], ftp.Clients);
        Assert.Equal(["alice"], ftp.SocksUsers);
        Assert.Equal(("application", true, true), (ftp.Profile?.Name, ftp.HostFromApplication, ftp.UserFromApplication));
        Assert.Equal(("127.0.0.1", 21), (ftp.Destination, ftp.DestinationPort));
        Assert.Matches(ftp.HostRegex!, "my-ftp");
        Assert.True(rules.Rules[0].Resolve);
        Assert.True(rules.Rules[2].FallbackToPlain);

        var request = new ConnectionRequest("FTP.example.com", 21, IPAddress.Parse("10.0.0.1"))
        {
            SocksUser = "alice",
            Addresses = [IPAddress.Parse("192.0.2.1")],
        };
        var decision = rules.Decide(request);
        Assert.Equal(("ftp", "127.0.0.1", "ftp.example.com"), (decision?.Rule?.Name, decision?.Host, decision?.SshHost));
    }

    [Theory]
    [InlineData("\"host\": \"a b\"", "host: 'a b': it is no host name and no address")]
    [InlineData("\"host\": [\"a\", \"mü*\"]", "host[1]: 'mü*': it is no pattern of host names")]
    [InlineData("\"hostRegex\": \"(\"", "hostRegex: '(': it is no regular expression")]
    [InlineData("\"hostRegex\": \"(a)\\\\1\"", "hostRegex: '(a)\\1': it is too large, or has a backreference")]
    [InlineData("\"address\": \"10.0.0.1/8\"", "address: '10.0.0.1/8': behind the prefix there are zeros")]
    [InlineData("\"address\": [\"10.0.0.9-10.0.0.1\"]", "address[0]: '10.0.0.9-10.0.0.1': the lower address comes first")]
    [InlineData("\"ports\": 0", "ports: '0': write a port from 1 to 65535")]
    [InlineData("\"ports\": [\"25-20\"]", "ports[0]: '25-20': write a port from 1 to 65535, or two as in 20-25, the lower first")]
    [InlineData("\"ports\": \"ftp\"", "ports: 'ftp': write a port")]
    [InlineData("\"client\": \"alice\"", "client: 'alice': it is no address")]
    [InlineData("\"ports\": []", "ports: an empty list is no condition")]
    [InlineData("\"socksUser\": []", "socksUser: an empty list is no condition")]
    public void A_condition_that_cannot_hold_is_a_mistake(string condition, string mistake) =>
        Is(mistake, $"{{ {condition}, \"action\": \"block\" }}");

    [Theory]
    [InlineData("\"action\": \"block\", \"profile\": \"main\"", "profile: this means nothing without tunnel or ftp-tunnel")]
    [InlineData("\"action\": \"block\", \"destination\": \"a\"", "destination: this means nothing with block")]
    [InlineData("\"action\": \"block\", \"destinationPort\": 21", "destinationPort: this means nothing with block")]
    [InlineData("\"action\": \"direct\", \"hostFromApplication\": true", "hostFromApplication: this means nothing without")]
    [InlineData("\"action\": \"direct\", \"userFromApplication\": true", "userFromApplication: this means nothing without")]
    [InlineData("\"action\": \"direct\", \"fallbackToPlain\": true", "fallbackToPlain: this means nothing without")]
    [InlineData("\"action\": \"direct\", \"dataMode\": \"active\"", "dataMode: this means nothing without ftp-tunnel")]
    [InlineData("\"action\": \"tunnel\", \"profile\": \"main\", \"authTls\": \"transparent\"", "authTls: this means nothing without ftp-tunnel")]
    [InlineData("\"action\": \"tunnel\", \"profile\": \"main\", \"userFromApplication\": true",
        "userFromApplication: only an FTP login is read")]
    [InlineData("\"action\": \"direct\", \"destination\": \"a b\"", "destination: 'a b': write a host name or an address")]
    [InlineData("\"action\": \"direct\", \"destinationPort\": 65536", "destinationPort: 65536 is no port")]
    [InlineData("\"action\": \"tunnel\", \"profile\": \"main\", \"fallbackToPlain\": true, \"destination\": \"a\"",
        "fallbackToPlain: it connects from this machine")]
    [InlineData("\"action\": \"tunnel\", \"profile\": \"main\", \"fallbackToPlain\": true, \"destinationPort\": 2",
        "fallbackToPlain: it connects from this machine")]
    public void A_key_that_would_only_seem_to_do_something_is_a_mistake(string rule, string mistake) => Is(mistake, $"{{ {rule} }}");

    [Theory]
    [InlineData("", "'profile' is missing: the name of one in profiles")]
    [InlineData(", \"profile\": \"man\"", "profile: there is no profile 'man'; the nearest is main")]
    [InlineData(", \"profile\": \"nowhere\"",
        "profile: profile nowhere names no host: write it there, or \"hostFromApplication\": true here")]
    [InlineData(", \"profile\": \"nobody\"",
        "profile: profile nobody names no user: write it there, or \"userFromApplication\": true here")]
    public void A_tunnel_rule_needs_a_profile_and_what_it_leaves_open(string profile, string mistake)
    {
        Is(mistake, $"{{ \"action\": \"tunnel\"{profile} }}");
        Is(mistake, $"{{ \"action\": \"ftp-tunnel\"{profile} }}");
    }

    [Fact]
    public void What_a_profile_leaves_open_may_come_from_the_application() => Assert.Empty(Of(
        """{ "action": "ftp-tunnel", "profile": "open", "hostFromApplication": true, "userFromApplication": true }""").Mistakes);

    [Theory]
    [InlineData("new", false)]
    [InlineData("new-keys", true)]
    [InlineData("new-known", true)]
    [InlineData("new-pinned", true)]
    public void Passwords_of_applications_do_not_go_to_new_hosts_unless_that_is_said_by_name(string profile, bool isRight)
    {
        var mistakes = Of($$"""
            { "action": "ftp-tunnel", "profile": "{{profile}}", "hostFromApplication": true, "userFromApplication": true }
            """).Mistakes;
        Assert.Equal(isRight, mistakes.Count == 0);
        Assert.All(mistakes, mistake => Assert.Contains("acceptNewWithPasswords", mistake.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"passwordFile\": \"p\"", false)]
    [InlineData("\"passwordCommand\": \"p\"", false)]
    [InlineData("\"passwordFile\": \"p\", \"methods\": \"publickey\"", true)]
    [InlineData("\"passwordFile\": \"p\", \"hostKeys\": \"SHA256:x\"", true)]
    [InlineData("\"passwordFile\": \"p\", \"acceptNewWithPasswords\": true", true)]
    [InlineData("\"identityFiles\": \"k\"", true)]
    public void The_profiles_own_password_does_not_go_to_any_new_host_that_a_client_names(string login, bool isRight)
    {
        var mistakes = Sample.Check($$"""
            {
              "socks": {},
              "profiles": { "p": { "user": "u", "hostKeyPolicy": "accept-new", {{login}} } },
              "rules": [ { "action": "tunnel", "profile": "p", "hostFromApplication": true } ]
            }
            """).Mistakes;
        Assert.Equal(isRight, mistakes.Count == 0);
        Assert.All(mistakes, mistake => Assert.Equal("rules[0].hostFromApplication", mistake.Path));
    }

    [Fact]
    public void Rules_have_names_of_their_own() => Assert.Contains(
        "another rule has the name 'a'",
        Assert.Single(Of("""{ "name": "a", "host": "a", "action": "block" }, { "name": "a", "action": "block" }""").Mistakes).Text,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "action": "block" }, { "host": "a", "action": "block" }""",
        "rules[1]: no connection comes to this rule: rule rule-1 before it takes all")]
    [InlineData("""{ "host": "a", "resolve": true, "action": "block" }""", "rules[0].resolve: there is no address to compare with")]
    [InlineData("""{ "socksUser": "a", "action": "direct" }""",
        "rules[0].socksUser: without socks.usersFile a client may call itself anything")]
    [InlineData("""{ "address": "10.0.0.0/8", "action": "block" }, { "action": "direct" }""",
        "rules[0].address: a name of these addresses passes, as far as rule rule-2: add \"resolve\": true, or name the hosts")]
    public void What_may_not_be_meant_is_a_warning(string rules, string warning)
    {
        Assert.Empty(Of(rules).Mistakes);
        Assert.StartsWith($"f:1: {warning}", Assert.Single(Of(rules).Warnings).In("f"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "address": "10.0.0.0/8", "resolve": true, "action": "block" }, { "action": "direct" }""")]
    [InlineData("""{ "address": "10.0.0.0/8", "action": "block" }, { "host": "a", "action": "block" }""")]
    [InlineData("""{ "address": "10.0.0.0/8", "action": "block" }, { "address": "192.0.2.0/24", "action": "direct" }""")]
    public void A_name_that_cannot_pass_is_no_matter_for_a_warning(string rules) => Assert.Empty(Of(rules).Warnings);

    [Fact]
    public void A_wrong_action_hides_nothing_else_of_its_rule() => Assert.Equal(
        ["f:1: rules[0].action: 'ftp_tunnel' is none of block, direct, tunnel, ftp-tunnel; the nearest is ftp-tunnel",
            "f:1: rules[0].ports: '0': write a port from 1 to 65535, or two as in 20-25, the lower first",
            "f:1: rules[1].ports: '0': write a port from 1 to 65535, or two as in 20-25, the lower first"],
        Of("""{ "action": "ftp_tunnel", "profile": "main", "ports": 0 }, { "action": "block", "ports": 0 }""").Mistakes.Lines());

    private static void Is(string mistake, string rule)
    {
        var line = Assert.Single(Of(rule).Mistakes).In("f");
        Assert.True(line.StartsWith($"f:1: rules[0].{mistake}", StringComparison.Ordinal)
            || line.StartsWith($"f:1: rules[0]: {mistake}", StringComparison.Ordinal), line);
    }

    private static CheckedConfiguration Of(string rules) =>
        Sample.Check($"{{ \"socks\": {{}}, \"profiles\": {{ {Profiles.ReplaceLineEndings(" ")} }}, \"rules\": [ {rules} ] }}");
}
