using ActorTunnel.Ssh.Keys.KnownHosts;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Ssh.Tests.Keys;

public sealed class KnownHostsLineTests
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";

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
    [InlineData("|1|")]
    [InlineData("|1|AAAA|AAAA")]
    [InlineData("|1|!!!!|!!!!")]
    [InlineData("|2|tBrYNZzBTgYmLaWCzFMUZUSJvO0=|tBrYNZzBTgYmLaWCzFMUZUSJvO0=")]
    [InlineData("|1|tBrYNZzBTgYmLaWCzFMUZUSJvO0=|tBrYNZzBTgYmLaWCzFMUZUSJvO0=|")]
    [InlineData("|1|tBrYNZzBTgYmLaWCzFMUZUSJvO0=|tBrYNZzBTgYmLaWCzFMUZUSJvO0=,b")]
    public void A_malformed_hash_is_no_field(string field) => Assert.Null(HostNames.Parse(field));

    [Theory]
    [InlineData("h " + Key, KnownHostsMarker.None)]
    [InlineData("  h\t" + Key + "  a comment with = signs\r", KnownHostsMarker.None)]
    [InlineData("@revoked * " + Key, KnownHostsMarker.Revoked)]
    [InlineData("@cert-authority *.example.com " + Key + " comment", KnownHostsMarker.CertificateAuthority)]
    public void A_line_has_marker_names_type_and_key(string text, object marker)
    {
        var line = KnownHostsLine.Parse(text)!;
        Assert.Equal(marker, line.Marker);
        Assert.Equal("ssh-ed25519", line.KeyType);
        Assert.Equal(51, line.Blob.Length);
    }

    [Theory]
    [InlineData("h")]
    [InlineData("h ssh-ed25519")]
    [InlineData("@revoked")]
    [InlineData("@revoked h ssh-ed25519")]
    [InlineData("@unknown h " + Key)]
    [InlineData("@ h " + Key)]
    [InlineData("|1|AAAA|AAAA " + Key)]
    [InlineData("h ssh-ed25519 not-base64")]
    [InlineData("h ssh-ed25519 AAAA")]
    [InlineData("h ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea")]
    public void A_broken_line_is_none(string text) => Assert.Null(KnownHostsLine.Parse(text));

    [Theory]
    [InlineData("", true)]
    [InlineData(" \t\r", true)]
    [InlineData("# a comment", true)]
    [InlineData("  # a comment", true)]
    [InlineData("h", false)]
    public void Blank_lines_and_comments_are_empty(string text, bool empty) => Assert.Equal(empty, KnownHostsLine.IsEmpty(text));

    [Fact]
    public void Arbitrary_text_is_a_line_or_broken_and_any_pattern_can_be_matched() => Prop.ForAll<string, string>((text, name) =>
    {
        text ??= "";
        _ = KnownHostsLine.IsEmpty(text);
        _ = KnownHostsLine.Parse($"{text} {Key}");
        _ = KnownHostsLine.Parse("h ssh-ed25519 " + text);
        _ = HostNames.Parse(text)?.Match(name ?? "");
        _ = HostNames.Parse("|1|" + text);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_pattern_of_many_asterisks_is_decided_at_once()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", 200)) + "b";
        Assert.False(HostNames.Parse(pattern)!.Match(new string('a', 1000)));
    }
}
