using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.ConfigurationFiles;

namespace ActorTunnel.Engine.Tests.ConfigurationFiles;

/// <summary>What a file says of how FTP is carried and what its clients may do.</summary>
public class FtpPolicyTests
{
    [Fact]
    public void A_rule_carries_FTP_as_the_file_says()
    {
        var ftp = Sample.Build(Sample.Whole).Rules.Rules[1].Ftp;
        Assert.Equal((new PortRange(50000, 50099), IPAddress.Parse("192.0.2.1")), (ftp.DataPorts, ftp.AdvertiseAddress));
        Assert.Equal(
            (PassiveAddress.Map, ServerDataMode.Passive, true, AuthTls.Refuse),
            (ftp.PassiveAddress, ftp.DataMode, ftp.DataPeerUid, ftp.AuthTls));
        Assert.Equal(
            [(IPAddress.Parse("10.0.0.5"), "ftp1.internal"), (IPAddress.Parse("10.0.0.6"), "192.0.2.6")],
            ftp.PassiveAddressMap.Select(entry => (entry.Key, entry.Value)).OrderBy(entry => entry.Value.Length).Reverse());
        Assert.Equal((true, UploadName.Temporary, TimeSpan.FromMinutes(30)), (ftp.VerifySize, ftp.UploadName, ftp.SessionIdle));
    }

    [Fact]
    public void Clients_may_do_what_the_file_says()
    {
        var may = Sample.Build(Sample.Whole).Rules.Rules[1].Ftp.Restrictions;
        Assert.Equal(["DELE", "SITE CHMOD"], may.DeniedCommands.Order());
        Assert.Equal((false, true, 512), (may.ReadOnly, may.AllowFxp, may.MaxLineLength));
        Assert.Equal((5, 2, 10L << 20), (may.SessionsPerClient, may.SessionsPerUser, may.TransferRate));

        var site = Sample.Build(Sample.Whole).Forwards[0].Options.Ftp;
        Assert.Null(site.SessionIdle);
        Assert.Equal((true, false, 65536), (site.Restrictions.ReadOnly, site.Restrictions.AllowFxp, site.Restrictions.MaxLineLength));
        Assert.Equal(1024, site.Restrictions.TransferRate);
    }

    [Fact]
    public void What_the_file_does_not_say_is_as_usual()
    {
        var ftp = Of("").Build(Profiles).Rules.Rules[0].Ftp;
        Assert.Equivalent(new FtpOptions(), ftp, strict: true);
        Assert.Equal(TimeSpan.FromHours(1), ftp.SessionIdle);
    }

    [Theory]
    [InlineData("\"passiveAddressMap\": { \"ftp\": \"a\" }, \"passiveAddress\": \"map\"",
        "passiveAddressMap.ftp: 'ftp': write an IPv4 address")]
    [InlineData("\"passiveAddressMap\": { \"10.0.0.5\": \"a b\" }, \"passiveAddress\": \"map\"",
        "passiveAddressMap['10.0.0.5']: 'a b': write a host name or an address")]
    [InlineData("\"sessionIdle\": \"soon\"", "sessionIdle: 'soon': write a time")]
    [InlineData("\"deniedCommands\": [\"DELE\", \"RM -R\"]",
        "deniedCommands[1]: 'RM -R': write one FTP command, as in DELE, or one of SITE or OPTS, as in SITE CHMOD")]
    [InlineData("\"deniedCommands\": \"user\"", "deniedCommands: 'user': no session can do without it")]
    [InlineData("\"maxLineLength\": 511", "maxLineLength: 511 is not from 512 to 65536")]
    [InlineData("\"maxLineLength\": 65537", "maxLineLength: 65537 is not from 512 to 65536")]
    [InlineData("\"sessionsPerClient\": 0", "sessionsPerClient: nobody could have a session")]
    [InlineData("\"sessionsPerUser\": 0", "sessionsPerUser: nobody could have a session")]
    [InlineData("\"transferRate\": 1023", "transferRate: '1023': write a number of bytes a second, at least 1K, as in 512K or 10M")]
    [InlineData("\"transferRate\": \"10MB\"", "transferRate: '10MB': write a number of bytes a second")]
    [InlineData("\"transferRate\": \"9999999999G\"", "transferRate: '9999999999G': write a number of bytes a second")]
    [InlineData("\"authTls\": \"pass\"", "authTls: 'pass' is none of refuse, transparent")]
    [InlineData("\"uploadName\": \"hidden\"", "uploadName: 'hidden' is none of final, temporary")]
    public void A_wrong_value_is_one_line(string key, string mistake) => Is(mistake, key);

    [Theory]
    [InlineData("\"passiveAddress\": \"map\"", "passiveAddress: map needs passiveAddressMap")]
    [InlineData("\"passiveAddressMap\": { \"10.0.0.5\": \"a\" }", "passiveAddressMap: it is looked at only when passiveAddress is map")]
    [InlineData("\"readOnly\": true, \"verifySize\": true", "verifySize: readOnly leaves no upload")]
    [InlineData("\"readOnly\": true, \"uploadName\": \"temporary\"", "uploadName: readOnly leaves no upload")]
    [InlineData("\"authTls\": \"transparent\", \"userFromApplication\": true", "authTls: with userFromApplication the FTP login is read")]
    [InlineData("\"authTls\": \"transparent\", \"readOnly\": true", "readOnly: authTls transparent is a way around it")]
    [InlineData("\"authTls\": \"transparent\", \"deniedCommands\": \"DELE\"", "deniedCommands: authTls transparent is a way around it")]
    [InlineData("\"authTls\": \"transparent\", \"sessionsPerUser\": 1", "sessionsPerUser: authTls transparent is a way around it")]
    public void Two_keys_of_which_one_takes_the_other_its_meaning_are_a_mistake(string keys, string mistake) => Is(mistake, keys);

    [Theory]
    [InlineData("\"passiveAddress\": \"mpa\", \"passiveAddressMap\": { \"10.0.0.5\": \"a\" }")]
    [InlineData("\"passiveAddress\": \"map\", \"passiveAddresMap\": { \"10.0.0.5\": \"a\" }")]
    [InlineData("\"passiveAddress\": \"map\", \"passiveAddressMap\": { \"10.0.0.5\": 5 }")]
    public void Of_a_key_that_cannot_be_read_nothing_more_is_said(string keys) => Assert.Single(Of($", {keys}").Mistakes);

    [Fact]
    public void Whose_uid_a_client_has_is_not_to_be_known_beyond_SSH() => Assert.Equal(
        "f:1: tunnels[0].dataPeerUid: with remote the clients are not on this machine: leave it out",
        Assert.Single(Sample.Check(
            """
            { "profiles": { "p": { "host": "h", "user": "u" } }, "tunnels": [ { "type": "ftp", "remote": true, "listen": 1,
            "destination": "a:1", "profile": "p", "dataPeerUid": true } ] }
            """.ReplaceLineEndings(" ")).Mistakes).In("f"));

    [Fact]
    public void C18_transparent_AUTH_TLS_is_a_warning_at_the_start()
    {
        var meaning = Of(", \"authTls\": \"transparent\"");
        Assert.Empty(meaning.Mistakes);
        Assert.Equal(
            "f:1: rules[0].authTls: AUTH TLS is transparent: data connections of such clients do not go through the tunnel",
            Assert.Single(meaning.Warnings).In("f"));
    }

    [Fact]
    public void For_what_is_not_FTP_each_of_the_keys_is_a_mistake()
    {
        var mistakes = Of(", \"readOnly\": true, \"transferRate\": \"1M\", \"sessionIdle\": 5", "tunnel").Mistakes;
        Assert.Equal(
            ["rules[0].readOnly", "rules[0].sessionIdle", "rules[0].transferRate"], mistakes.Select(mistake => mistake.Path).Order());
        Assert.All(mistakes, mistake => Assert.StartsWith("this means nothing without ftp-tunnel", mistake.Text, StringComparison.Ordinal));
    }

    private static Dictionary<string, ProfileTemplate> Profiles { get; } = new()
    {
        ["p"] = new ProfileTemplate { Name = "p", Make = _ => throw new InvalidOperationException("Nobody connects here.") },
    };

    private static void Is(string mistake, string keys) => Assert.StartsWith(
        $"f:1: rules[0].{mistake}", Assert.Single(Of($", {keys}").Mistakes).In("f"), StringComparison.Ordinal);

    private static CheckedConfiguration Of(string keys, string action = "ftp-tunnel") => Sample.Check(
        $$"""{ "socks": {}, "profiles": { "p": { "host": "h", "user": "u" } }, "rules": [ { "action": "{{action}}", "profile": "p"{{keys}} } ] }""");
}
