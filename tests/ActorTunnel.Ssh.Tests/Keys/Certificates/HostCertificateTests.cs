using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Keys.Certificates;

namespace ActorTunnel.Ssh.Tests.Keys.Certificates;

public sealed class HostCertificateTests
{
    private static readonly PrivateKey _authority = PrivateKey.Generate("ssh-ed25519");
    private static readonly DateTimeOffset _now = DateTimeOffset.Parse("2026-06-01T12:00:00Z");
    private static readonly CertificateMaker _maker = new(_authority, _authority.PublicKey)
    {
        Principals = CertificateMaker.Strings("a.example", "*.b.example"),
        ValidAfter = Seconds(_now),
        ValidBefore = Seconds(_now) + 1,
    };

    [Theory]
    [InlineData("a.example", true)]
    [InlineData("A.Example", true)]
    [InlineData("x.b.example", true)]
    [InlineData("b.example", false)]
    [InlineData("x.a.example", false)]
    [InlineData("a.example.evil", false)]
    [InlineData("", false)]
    public void It_holds_for_the_hosts_it_names(string host, bool holds) =>
        Assert.Equal(holds ? null : "is for a.example, *.b.example", Problem(_maker, host));

    [Fact]
    public void It_holds_from_its_first_second_to_the_last_before_its_end()
    {
        Assert.Null(Problem(_maker));
        Assert.Equal(
            "is not valid before 2026-06-01 12:00:00Z; is the clock right here?",
            HostCertificate.Problem(_maker.Parse(), "a.example", _now.AddTicks(-1)));
        Assert.Null(HostCertificate.Problem(_maker.Parse(), "a.example", _now.AddSeconds(1).AddTicks(-1)));
        Assert.Equal(
            "was valid until 2026-06-01 12:00:01Z", HostCertificate.Problem(_maker.Parse(), "a.example", _now.AddSeconds(1)));
    }

    [Fact]
    public void One_that_is_always_valid_holds_today() =>
        Assert.Null(Problem(_maker with { ValidAfter = 0, ValidBefore = ulong.MaxValue }));

    [Fact]
    public void A_users_certificate_is_no_hosts() =>
        Assert.Equal("is a user's, not a host's", Problem(_maker with { Kind = (uint)CertificateKind.User }));

    [Fact]
    public void One_without_names_is_for_no_host() => Assert.Equal("names no host", Problem(_maker with { Principals = [] }));

    [Fact]
    public void A_critical_option_cannot_be_ignored_but_an_extension_can()
    {
        var option = CertificateMaker.Strings("only\non@mondays", "");
        Assert.Equal(
            "has critical options that are not known here: only on@mondays", Problem(_maker with { CriticalOptions = option }));
        Assert.Null(Problem(_maker with { Extensions = option }));
    }

    private static string? Problem(CertificateMaker maker, string host = "a.example") => HostCertificate.Problem(maker.Parse(), host, _now);

    private static ulong Seconds(DateTimeOffset time) => (ulong)time.ToUnixTimeSeconds();
}
