using System.Text;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Import;
using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.FunctionalTests.Import;

/// <summary>Whole files, and files that are not what they should be.</summary>
public sealed class TectiaImportTests
{
    // As the manual describes a SOCKS proxy for FTP on a mainframe: host and user are what the application says.
    private const string SocksProxy = """
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE secsh-broker SYSTEM "/opt/somewhere/ssh-broker-ng-config-1.dtd">
        <secsh-broker version="6.4">
          <default-settings>
            <authentication-methods><auth-password/><auth-keyboard-interactive/></authentication-methods>
          </default-settings>
          <profiles>
            <profile id="id1" name="dynamic-ftp" host="" port="22" user="" connect-on-startup="NO"/>
          </profiles>
          <static-tunnels>
            <tunnel type="socks-proxy" listen-address="127.0.0.1" listen-port="1080" dst-host="" dst-port="0" profile=""/>
          </static-tunnels>
          <filter-engine>
            <rule ip-address=".*" ports="21" action="ftp-tunnel" profile-id="id1"
                  username-from-app="YES" hostname-from-app="YES" fallback-to-plain="NO"/>
          </filter-engine>
        </secsh-broker>
        """;

    [Fact]
    public void A_proxy_for_FTP_with_the_logins_of_its_applications_needs_no_hand()
    {
        using var text = TectiaText.ImportRaw(Encoding.UTF8.GetBytes(SocksProxy));

        Assert.Empty(text.Listed);
        Assert.Equal(["127.0.0.1:1080"], text.File.Socks!.Listen);
        Assert.Equal([LoginMethod.Password, LoginMethod.KeyboardInteractive], text.File.Profiles["dynamic-ftp"].Methods);
        var rule = Assert.Single(text.File.Rules);
        Assert.Equal((FilterAction.FtpTunnel, "dynamic-ftp"), (rule.Action, rule.Profile));
        Assert.True(rule is { HostFromApplication: true, UserFromApplication: true });
        Assert.Equal(["21"], rule.Ports);
    }

    [Fact]
    public void A_profile_that_only_logs_clients_in_as_themselves_has_no_user()
    {
        using var text = TectiaText.Import("""
            <default-settings user="%USERNAME%"/>
            <profiles><profile id="all" host="h"/><profile id="both" host="h"/></profiles>
            <filter-engine>
              <rule ports="21" action="FTP-TUNNEL" profile-id="all" username-from-app="YES"/>
              <rule ports="2121" action="FTP-TUNNEL" profile-id="both" username-from-app="YES"/>
              <rule ports="80" action="TUNNEL" profile-id="both"/>
            </filter-engine>
            """);

        Assert.Null(text.File.Profiles["all"].User);
        Assert.Equal(Environment.UserName, text.File.Profiles["both"].User);
        Assert.Single(text.Listed, line => line.Contains("of profile all was left out", StringComparison.Ordinal));
    }

    [Fact]
    public void Rules_without_a_SOCKS_proxy_get_one_and_a_note_for_the_applications()
    {
        using var text = TectiaText.Import("<filter-engine><rule action='DIRECT'/></filter-engine>");

        Assert.Equal(["127.0.0.1:1080"], text.File.Socks!.Listen);
        Assert.Contains("set 127.0.0.1:1080 as SOCKS proxy", Assert.Single(text.Listed), StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_keep_their_order_in_both_forms()
    {
        using var text = TectiaText.Import("""
            <profiles><profile id="p" host="h" user="u"/></profiles>
            <filter-engine>
              <dns id="a" host="^one$"/>
              <filter dns-id="a" ports="21" action="BLOCK"/>
              <rule host="^two$" action="DIRECT"/>
              <filter dns-id="a" action="TUNNEL" profile-id="p"/>
            </filter-engine>
            """);

        Assert.Equal(
            [("one", FilterAction.Block), ("two", FilterAction.Direct), ("one", FilterAction.Tunnel)],
            text.File.Rules.Select(rule => (rule.Host[0], rule.Action)));
    }

    [Fact]
    public void What_a_rule_cannot_say_here_is_not_left_to_the_rules_behind_it()
    {
        using var text = TectiaText.Import("""
            <filter-engine>
              <rule application="safe" host="^ftp\.example\.com$" ports="21" action="FTP-TUNNEL" profile-id="gone"/>
              <rule action="DIRECT"/>
            </filter-engine>
            """);

        Assert.Equal(FilterAction.Block, text.File.Rules[0].Action);
        Assert.Equal(["ftp.example.com"], text.File.Rules[0].Host);
        Assert.Contains(text.Listed, line => line.Contains("blocks until a person has decided", StringComparison.Ordinal));
    }

    [Fact]
    public void Profiles_inherit_and_gateways_are_found_by_id()
    {
        using var text = TectiaText.Import("""
            <default-settings><keepalive-interval time="7"/><proxy ruleset="socks5://fw:1080"/></default-settings>
            <profiles>
              <profile id="1" name="inner" host="in" user="u" gateway-profile="2"/>
              <profile id="2" name="outer" host="out" user="u"><keepalive-interval time="8"/></profile>
            </profiles>
            """);

        var (inner, outer) = (text.File.Profiles["inner"], text.File.Profiles["outer"]);
        Assert.Equal(("outer", null, "7s"), (inner.Through, inner.Proxy, inner.KeepAliveInterval));
        Assert.Equal((null, "socks5://fw:1080", "8s"), (outer.Through, outer.Proxy, outer.KeepAliveInterval));
    }

    [Fact]
    public void Later_files_add_profiles_and_settings_but_the_first_filter_engine_counts()
    {
        using var text = TectiaText.Import(
            """
            <profiles><profile id="p" host="global" user="u"/></profiles>
            <filter-engine><rule action="BLOCK"/></filter-engine>
            """,
            """
            <default-settings><idle-timeout time="1"/></default-settings>
            <profiles><profile id="p" host="user" user="u"/></profiles>
            <filter-engine><rule action="DIRECT"/></filter-engine>
            """);

        Assert.Equal(("user", "1s"), (text.File.Profiles["p"].Host, text.File.Profiles["p"].IdleTimeout));
        Assert.Equal(FilterAction.Block, Assert.Single(text.File.Rules).Action);
        Assert.Contains(text.Listed, line => line.Contains("an earlier file has a filter-engine", StringComparison.Ordinal));
    }

    [Fact]
    public void A_note_names_the_line()
    {
        using var text = TectiaText.Import("<general>\n\n<crypto-lib mode=\"fips\"/></general>");

        Assert.StartsWith("3: general/crypto-lib:", Assert.Single(text.Listed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("iso-8859-15")]
    [InlineData("IBM037")]
    [InlineData("IBM01047")]
    public void The_encoding_is_what_the_file_says(string encoding)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var bytes = Encoding.GetEncoding(encoding);
        var xml = $"<?xml version='1.0' encoding='{encoding}'?><secsh-broker><profiles><profile id='Zürich'/></profiles></secsh-broker>";

        using var text = TectiaText.ImportRaw([.. bytes.Preamble, .. bytes.GetBytes(xml)]);

        Assert.Equal("Zürich", Assert.Single(text.File.Profiles).Key);
    }

    [Fact]
    public void Entities_of_the_file_itself_are_filled_in()
    {
        using var text = TectiaText.ImportRaw(Encoding.UTF8.GetBytes(
            "<!DOCTYPE secsh-broker [<!ENTITY host 'ssh.example.com'>]>"
            + "<secsh-broker><profiles><profile id='p' host='&host;'/></profiles></secsh-broker>"));

        Assert.Equal("ssh.example.com", text.File.Profiles["p"].Host);
    }

    [Fact]
    public void Files_that_a_file_refers_to_are_not_read()
    {
        var secret = Path.GetTempFileName();
        File.WriteAllText(secret, "topsecret");
        try
        {
            using var text = TectiaText.ImportRaw(Encoding.UTF8.GetBytes(
                $"<!DOCTYPE secsh-broker [<!ENTITY x SYSTEM 'file://{secret}'>]>"
                + "<secsh-broker><profiles><profile id='p'><hostkey>&x;</hostkey></profile></profiles></secsh-broker>"));

            Assert.DoesNotContain("topsecret", text.Written + string.Concat(text.Listed), StringComparison.Ordinal);
        }
        catch (UsageException refused)
        {
            Assert.DoesNotContain("topsecret", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(secret);
        }
    }

    [Fact]
    public void Elements_in_each_other_without_end_are_refused()
    {
        var text = $"<secsh-broker>{string.Concat(Enumerable.Repeat("<a>", 300_000))}";

        var refused = Assert.Throws<UsageException>(() => TectiaText.ImportRaw(Encoding.UTF8.GetBytes(text)));

        Assert.Contains("32 deep", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entities_that_grow_without_end_are_refused()
    {
        var bomb = new StringBuilder("<!DOCTYPE secsh-broker [<!ENTITY a0 \"ha\">");
        for (var i = 1; i < 30; i++)
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"<!ENTITY a{i} \"&a{i - 1};&a{i - 1};\">");
        bomb.Append("]><secsh-broker><general>&a29;</general></secsh-broker>");

        Assert.Throws<UsageException>(() => TectiaText.ImportRaw(Encoding.UTF8.GetBytes(bomb.ToString())));
    }

    [Theory]
    [InlineData("<html/>", "begin with <secsh-broker>")]
    [InlineData("<secsh-broker>", "cannot be read as XML")]
    [InlineData("", "cannot be read as XML")]
    public void What_is_no_such_file_is_one_clear_line(string document, string message)
    {
        var refused = Assert.Throws<UsageException>(() => TectiaText.ImportRaw(Encoding.UTF8.GetBytes(document)));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_exists_is_left_as_it_is()
    {
        var folder = Directory.CreateTempSubdirectory("import-").FullName;
        try
        {
            var (xml, json) = (Path.Combine(folder, "a.xml"), Path.Combine(folder, "a.json"));
            await File.WriteAllTextAsync(xml, SocksProxy);
            using var result = new StringWriter();
            using var error = new StringWriter();
            var output = new CommandOutput(result, error);

            Assert.Equal(0, await new ImportCommand().RunAsync(["-o", json, xml], output));
            var written = await File.ReadAllTextAsync(json);
            var refused = await Assert.ThrowsAsync<UsageException>(() => new ImportCommand().RunAsync(["-o", json, xml], output));

            Assert.Contains("exists", refused.Message, StringComparison.Ordinal);
            Assert.Equal(written, await File.ReadAllTextAsync(json));
            Assert.Empty(result.ToString());
            Assert.Equal("actortunnel: everything has an equivalent\n", error.ToString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Without_a_file_it_says_what_to_write()
    {
        var output = new CommandOutput(TextWriter.Null, TextWriter.Null);

        var refused = await Assert.ThrowsAsync<UsageException>(() => new ImportCommand().RunAsync([], output));

        Assert.Contains("actortunnel import ssh-socks-proxy-config.xml", refused.Message, StringComparison.Ordinal);
    }
}
