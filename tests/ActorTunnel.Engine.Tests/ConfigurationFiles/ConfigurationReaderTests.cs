using System.Net;
using System.Text;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Engine.Tests.ConfigurationFiles;

/// <summary>The form of a file: JSON, keys, types. What values mean is in the tests of <see cref="CheckedConfiguration"/>.</summary>
public class ConfigurationReaderTests
{
    [Fact]
    public void Every_key_is_read()
    {
        var source = Sample.Read(Sample.Whole);
        Assert.Empty(source.Mistakes.Lines());
        var file = source.File;
        Assert.Equal(["127.0.0.1:1080", "[::1]:1080"], file.Socks!.Listen);
        Assert.Equal((true, "users"), (file.Socks.AllowRelay, file.Socks.UsersFile));
        Assert.Equal(["127.0.0.0/8"], file.FtpProxy!.Clients);
        Assert.Equal(["gate", "main", "application"], file.Profiles.Keys);

        var main = file.Profiles["main"];
        Assert.Equal(("ssh.example.com", 2222, "alice", "gate"), (main.Host, main.Port, main.User, main.Through));
        Assert.Equal([LoginMethod.Agent, LoginMethod.PublicKey, LoginMethod.KeyboardInteractive, LoginMethod.Password], main.Methods!);
        Assert.Equal(["/usr/bin/vault", "read"], main.PasswordCommand!);
        Assert.Equal((HostKeyMode.AcceptNew, AddressFamilyName.Inet6), (main.HostKeyPolicy, main.AddressFamily));
        Assert.Equal(("30", "15s", "keep", 3), (main.ConnectTimeout, main.KeepAliveInterval, main.IdleTimeout, main.KeepAliveCountMax));
        Assert.True(main.ConnectOnStart && main.AcceptNewWithPasswords);
        var gate = file.Profiles["gate"];
        Assert.Equal((22, HostKeyMode.Strict, null), (gate.Port, gate.HostKeyPolicy, gate.Methods));

        Assert.Equal(["21", "2100-2199"], file.Rules[1].Ports);
        Assert.Equal(FilterAction.FtpTunnel, file.Rules[1].Action);
        Assert.Equal((ServerDataMode.Passive, UploadName.Temporary), (file.Rules[1].DataMode, file.Rules[1].UploadName));
        Assert.Equal("ftp1.internal", file.Rules[1].PassiveAddressMap["10.0.0.5"]);
        Assert.Equal((ForwardKind.Tcp, "5432"), (file.Tunnels[1].Type, file.Tunnels[1].Listen));
        Assert.Equal((100, 4, "10"), (file.Limits.MaxConnectionsPerServer, file.Limits.MaxConnecting, file.Limits.MaxWait));
    }

    [Fact]
    public void A_small_file_has_the_defaults()
    {
        var file = Sample.Read("""{ "socks": {}, "ftpProxy": {} }""").File;
        Assert.Equal(["127.0.0.1:1080"], file.Socks!.Listen);
        Assert.Equal(["127.0.0.1:2121"], file.FtpProxy!.Listen);
        Assert.Empty(file.Rules);
        Assert.Null(file.Audit);
    }

    [Theory]
    [InlineData("{ \"sock\": {} }", "f:1: sock: 'sock' is no key of this object; the nearest is socks")]
    [InlineData("{ \"socks\": { \"SOCKS\": 1 } }", "f:1: socks.SOCKS: 'SOCKS' is no key of this object")]
    [InlineData("{ \"rules\": [ { \"action\": \"block\", \"hostFromApp\": true } ] }",
        "f:1: rules[0].hostFromApp: 'hostFromApp' is no key of this object; the nearest is hostFromApplication")]
    [InlineData("{ \"rules\": [ { \"acton\": \"block\" } ] }",
        "f:1: rules[0].acton: 'acton' is no key of this object; the nearest is action")]
    [InlineData("{ \"socks\": {},\n \"socks\": {} }", "f:2: 'socks' stands in line 1 already: leave one out")]
    [InlineData("{ \"profiles\": { \"a\": {},\n \"a\": {} } }",
        "f:2: profiles.a: this name is taken already: leave one out, or give it another")]
    [InlineData("{ \"profiles\": { \"\": {} } }", "f:1: profiles['']: a name is missing here, or has control characters in it")]
    [InlineData("{ \"socks\": null }", "f:1: socks: null says nothing: leave the key out")]
    [InlineData("{ \"socks\": true }", "f:1: socks: write an object in { } here, not true or false")]
    [InlineData("{ \"profiles\": [] }", "f:1: profiles: write an object in { }, with a name in front of each entry here, not a list")]
    [InlineData("{ \"rules\": {} }", "f:1: rules: write a list in [ ] here, not an object")]
    [InlineData("[]", "f:1: write an object in { } here, not a list")]
    [InlineData("{ \"socks\": { \"listen\": true } }", "f:1: socks.listen: write a number, or text in quotes here, not true or false")]
    [InlineData("{ \"socks\": { \"usersFile\": \"\" } }", "f:1: socks.usersFile: this is empty: leave the key out, or write what it needs")]
    [InlineData("{ \"socks\": { \"usersFile\": \"a\\u0000\" } }", "f:1: socks.usersFile: there are control characters in this text")]
    [InlineData("{ \"socks\": { \"allowRelay\": \"yes\" } }", "f:1: socks.allowRelay: write true or false, without quotes here, not text")]
    [InlineData("{ \"profiles\": { \"a\": { \"port\": 2.5 } } }", "f:1: profiles.a.port: write a whole number here, not 2.5")]
    [InlineData("{ \"profiles\": { \"a\": { \"port\": \"ssh\" } } }", "f:1: profiles.a.port: write a whole number here, not text")]
    [InlineData("{ \"profiles\": { \"a\": { \"port\": 99999999999 } } }",
        "f:1: profiles.a.port: write a whole number here, not 99999999999")]
    [InlineData("{ \"profiles\": { \"a b\": { \"connectTimeout\": {} } } }",
        "f:1: profiles['a b'].connectTimeout: write a number, or text in quotes here, not an object")]
    [InlineData("{ \"profiles\": { \"a\": { \"hostKeyPolicy\": \"acceptnew\" } } }",
        "f:1: profiles.a.hostKeyPolicy: 'acceptnew' is none of strict, ask, accept-new; the nearest is accept-new")]
    [InlineData("{ \"profiles\": { \"a\": { \"hostKeyPolicy\": 1 } } }",
        "f:1: profiles.a.hostKeyPolicy: write one of strict, ask, accept-new here, not 1")]
    [InlineData("{ \"rules\": [ { \"host\": \"a\" } ] }", "f:1: rules[0]: 'action' is missing")]
    [InlineData("{ \"rules\": [ 1 ] }", "f:1: rules[0]: write an object in { } here, not 1")]
    [InlineData("{ \"tunnels\": [ { \"type\": \"tcp\", \"listen\": 1, \"profile\": \"a\" } ] }",
        "f:1: tunnels[0]: 'destination' is missing")]
    [InlineData("{ \"tunnels\": [ { \"listen\": 1, \"destination\": \"a:1\", \"profile\": \"a\" } ] }",
        "f:1: tunnels[0]: 'type' is missing: write one of tcp, ftp")]
    public void A_mistake_has_its_line_and_path_and_says_what_to_write(string text, string line) =>
        Assert.StartsWith(line, Assert.Single(Sample.Read(text).Mistakes).In("f"), StringComparison.Ordinal);

    [Theory]
    [InlineData("{ \"profiles\": { \"a\": { \"password\": \"hunter2\" } } }", "write passwordFile or passwordCommand")]
    [InlineData("{ \"profiles\": { \"a\": { \"Passphrase\": \"hunter2\" } } }", "write passwordFile or passwordCommand")]
    [InlineData("{ \"profiles\": { \"a\": { \"proxyPassword\": \"hunter2\" } } }", "write proxyPasswordFile")]
    [InlineData("{ \"profiles\": { \"a\": { \"privateKey\": \"hunter2\" } } }", "write identityFiles")]
    [InlineData("{ \"socks\": { \"users\": \"hunter2\" } }", "write usersFile")]
    [InlineData("{ \"profiles\": { \"a\": { \"passwordFile\": { \"x\": \"hunter2\" } } } }", "write text in quotes")]
    public void A_secret_in_the_file_is_no_key_and_is_never_repeated(string text, string hint)
    {
        var mistake = Assert.Single(Sample.Read(text).Mistakes);
        Assert.Contains(hint, mistake.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", mistake.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_found_at_once_in_the_order_of_the_lines()
    {
        var mistakes = Sample.Read("{\n\"sock\": {},\n\"rules\": [\n{ \"action\": \"go\" },\n5 ],\n\"audit\": 1 }").Mistakes;
        Assert.Equal([2, 4, 5, 6], mistakes.Select(mistake => mistake.Line));
    }

    [Fact]
    public void After_a_hundred_mistakes_nobody_reads_on()
    {
        var mistakes = Sample.Read($"{{ \"rules\": [ {string.Join(',', Enumerable.Repeat("1", 200_000))} ] }}").Mistakes;
        Assert.Equal(101, mistakes.Count);
        Assert.Contains("more are not shown", mistakes[^1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("// nothing", 1)]
    [InlineData("{\n\"socks\": {\n", 3)]
    [InlineData("{\n\"socks\" {} }", 2)]
    [InlineData("{\n\n'socks': {} }", 3)]
    [InlineData("{ } x", 1)]
    [InlineData("{ } /* no end", 1)]
    [InlineData("{ \"socks\": { \"socks\": [[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]] } }", 1)]
    public void After_a_mistake_in_the_JSON_itself_there_is_only_that_one(string text, int line)
    {
        var mistake = Assert.Single(Sample.Check(text).Mistakes);
        Assert.Equal((line, ""), (mistake.Line, mistake.Path));
        Assert.StartsWith("this is no JSON: ", mistake.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", mistake.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("isFinalBlock", mistake.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xff, (byte)'"', (byte)':', (byte)'1', (byte)'}' })]
    [InlineData(new byte[] { 0x5b, 0x22, 0x5c, 0x75, 0x64, 0x38, 0x30, 0x30, 0x22, 0x5d })] // ["\ud800"]
    public void Text_that_is_not_UTF_8_is_a_mistake(byte[] text) =>
        Assert.Contains("UTF-8", Assert.Single(ConfigurationReader.Read(text).Mistakes).Text, StringComparison.Ordinal);

    [Fact]
    public void A_byte_order_mark_is_passed_over() =>
        Assert.Empty(ConfigurationReader.Read([.. Encoding.UTF8.Preamble, .. "{}"u8]).Mistakes);

    [Fact]
    public void A_file_has_a_bound()
    {
        var text = Encoding.UTF8.GetBytes("{}".PadRight(ConfigurationReader.MaxLength));
        Assert.Empty(ConfigurationReader.Read(text).Mistakes);
        var mistake = Assert.Single(ConfigurationReader.Read([.. text, 32]).Mistakes);
        Assert.Contains("longer than 1048576 bytes", mistake.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_somebody_else_finds_gets_the_line_of_the_value_or_of_what_it_would_be_in()
    {
        var source = Sample.Read("{ \"profiles\": {\n\"a.b\": {\n\"host\": \"x\" } } }");
        Assert.Equal("f:3: profiles['a.b'].host: no", source.MistakeAt(ConfigurationSource.PathOfProfile("a.b", "host"), "no").In("f"));
        Assert.Equal(2, source.MistakeAt(ConfigurationSource.PathOfProfile("a.b", "user"), "no").Line);
    }

    [Fact]
    public void A_port_alone_is_one_of_loopback()
    {
        foreach (var listen in new[] { "1080", "\"1080\"", "[ 1080 ]" })
        {
            var socks = Sample.Build($"{{ \"socks\": {{ \"listen\": {listen} }} }}").Socks!;
            Assert.Equal([new IPEndPoint(IPAddress.Loopback, 1080)], socks.Listen);
        }
    }

    [Fact]
    public void One_address_stands_for_a_list_of_one() =>
        Assert.Equal(
            [IPAddress.Loopback],
            Sample.Build("""{ "socks": { "listen": "127.0.0.1:1" } }""").Socks!.Listen.Select(one => one.Address));
}
