using ActorTunnel.Ssh.Keys.KnownHosts;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Ssh.Tests.Keys.KnownHosts;

public sealed class KnownHostsLineTests
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";

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
    [InlineData("h ssh-ed25519 AAAAC3NzaC1lZDI1NTE5")]
    [InlineData("h ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3")]
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
    public void Arbitrary_text_is_a_line_or_broken() => Prop.ForAll<string>(text =>
    {
        text ??= "";
        _ = KnownHostsLine.IsEmpty(text);
        _ = KnownHostsLine.Parse($"{text} {Key}");
        _ = KnownHostsLine.Parse("h ssh-ed25519 " + text);
    }).Check(Seeded.Cases);
}
