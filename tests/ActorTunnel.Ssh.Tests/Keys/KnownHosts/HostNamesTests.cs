using ActorTunnel.Ssh.Keys.KnownHosts;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Ssh.Tests.Keys.KnownHosts;

public sealed class HostNamesTests
{
    [Theory]
    [InlineData("ftp.example.com", "ftp.example.com", true)]
    [InlineData("ftp.example.com", "FTP.Example.COM", true)]
    [InlineData("FTP.Example.COM", "ftp.example.com", true)]
    [InlineData("ftp.example.com", "ftp.example.org", false)]
    [InlineData("ftp.example.com", "ftp.example.com.evil.org", false)]
    [InlineData("a,b,c", "b", true)]
    [InlineData("*.example.com", "ftp.example.com", true)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("ftp?.example.com", "ftp1.example.com", true)]
    [InlineData("ftp?.example.com", "ftp.example.com", false)]
    [InlineData("*", "[ftp.example.com]:2222", true)]
    [InlineData("*.example.com,!ftp.example.com", "ftp.example.com", false)]
    [InlineData("!ftp.example.com,*.example.com", "ftp.example.com", false)]
    [InlineData("*.example.com,!ftp.example.com", "www.example.com", true)]
    [InlineData("!ftp.example.com", "www.example.com", false)]
    [InlineData("[ftp.example.com]:2222", "[ftp.example.com]:2222", true)]
    [InlineData("[ftp.example.com]:2222", "ftp.example.com", false)]
    [InlineData("ftp.example.com", "[ftp.example.com]:2222", false)]
    [InlineData("::1", "::1", true)]
    [InlineData("", "", false)]
    public void A_name_matches_as_in_OpenSSH(string pattern, string name, bool matches) =>
        Assert.Equal(matches, HostNames.Parse(pattern)!.Match(name));

    [Fact]
    public void A_hashed_name_matches_that_name_only()
    {
        var field = HostNames.Hash("[Ftp.example.com]:2222");
        Assert.True(HostNames.Parse(field)!.Match("[ftp.example.com]:2222"));
        Assert.True(HostNames.Parse(field)!.Match("[FTP.example.com]:2222"));
        Assert.False(HostNames.Parse(field)!.Match("ftp.example.com"));
        Assert.NotEqual(field, HostNames.Hash("[Ftp.example.com]:2222"));
    }

    [Theory]
    [InlineData("0:0::0:1", "::1")]
    [InlineData("2001:DB8::0A", "2001:db8::a")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("fe80::1%eth0", "fe80::1%eth0")]
    [InlineData("Ftp.example.com", "Ftp.example.com")]
    public void An_address_has_one_spelling(string host, string canonical) => Assert.Equal(canonical, HostNames.Canonical(host));

    [Theory]
    [InlineData("|1|")]
    [InlineData("|1|AAAA|AAAA")]
    [InlineData("|1|!!!!|!!!!")]
    [InlineData("|2|tBrYNZzBTgYmLaWCzFMUZUSJvO0=|tBrYNZzBTgYmLaWCzFMUZUSJvO0=")]
    [InlineData("|1|tBrYNZzBTgYmLaWCzFMUZUSJvO0=|tBrYNZzBTgYmLaWCzFMUZUSJvO0=|")]
    [InlineData("|1|tBrYNZzBTgYmLaWCzFMUZUSJvO0=|tBrYNZzBTgYmLaWCzFMUZUSJvO0=,b")]
    public void A_malformed_hash_is_no_field(string field) => Assert.Null(HostNames.Parse(field));

    [Fact]
    public void Any_field_can_be_matched_with_any_name() => Prop.ForAll<string, string>((field, name) =>
    {
        _ = HostNames.Parse(field ?? "")?.Match(name ?? "");
        _ = HostNames.Parse("|1|" + field)?.Match(name ?? "");
    }).Check(Seeded.Cases);

    [Fact]
    public void A_pattern_of_many_asterisks_is_decided_at_once()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", 200)) + "b";
        Assert.False(HostNames.Parse(pattern)!.Match(new string('a', 1000)));
    }
}
