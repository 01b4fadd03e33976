using System.Net;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Engine.Tests.Rules;

/// <summary>What a rule may say of a host or an address.</summary>
public class PatternTests
{
    [Theory]
    [InlineData("ftp.example.com", "FTP.example.com.", true)]
    [InlineData("ftp.example.com", "ftp.example.com.evil", false)]
    [InlineData("FTP.Example.com.", "ftp.example.com", true)]
    [InlineData("*.example.com", "a.b.example.com", true)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("ftp?.example.com", "ftp1.example.com", true)]
    [InlineData("ftp?.example.com", "ftp12.example.com", false)]
    [InlineData("*", "anything", true)]
    [InlineData("*", "::1", true)]
    [InlineData("127.1", "2130706433", true)]
    [InlineData("127.0.0.*", "0x7f000001", true)]
    [InlineData("2001:db8::*", "2001:DB8:0::7", true)]
    [InlineData("fe80::1", "fe80::1%eth0", true)]
    [InlineData("fe80::1", "[FE80:0::1%lo]", true)]
    [InlineData("fe80::1%eth0", "fe80::1%eth0", true)]
    [InlineData("fe80::1%eth0", "fe80::1%lo", false)]
    [InlineData("fe80::1%eth0", "fe80::1", false)]
    [InlineData("*.MÜLLER.example", "ftp.müller.example", true)]
    [InlineData("müller.example", "xn--mller-kva.example", true)]
    public void A_pattern_stands_for_hosts_however_they_are_written(string pattern, string host, bool matches) =>
        Assert.Equal(matches, HostPattern.Parse(pattern).Matches(CanonicalHost.Parse(host)!));

    [Theory]
    [InlineData("a b")]
    [InlineData("a..b")]
    [InlineData("*.a b")]
    [InlineData("mü*.example")]
    [InlineData("*..a")]
    [InlineData("a/*")]
    [InlineData("*\\a")]
    [InlineData("256.0.0.1")]
    public void What_could_never_match_is_refused(string pattern) => Assert.Throws<FormatException>(() => HostPattern.Parse(pattern));

    [Theory]
    [InlineData("ftp[0-9]+\\.example\\.com", "FTP12.example.com", true)]
    [InlineData("ftp", "ftp.example.com", false)]
    [InlineData("example", "ftp.example.com", false)]
    [InlineData("ftp|ftp\\.example\\.com", "ftp.example.com", true)]
    [InlineData("^ftp\\..*$", "ftp.example.com", true)]
    public void An_expression_matches_the_whole_host(string expression, string host, bool matches) =>
        Assert.Equal(matches, HostExpression.Parse(expression).IsMatch(CanonicalHost.Parse(host)!.Text));

    [Theory]
    [InlineData("(a", "no regular expression")]
    [InlineData("a)|(b", "no regular expression")]
    [InlineData("(?x)a#b", "no regular expression")]
    [InlineData("(a)\\1", "without")]
    [InlineData("a(?=b)", "without")]
    [InlineData("((a{1000}){1000}){1000}", "without")]
    public void An_expression_that_could_cost_more_than_the_name_is_long_is_refused(string expression, string why) =>
        Assert.Contains(why, Assert.Throws<FormatException>(() => HostExpression.Parse(expression)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.0.0.1", true)]
    [InlineData("0.0.0.0/0", "192.0.2.1", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("::/0", "10.0.0.1", false)]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("10.0.0.5-10.0.1.2", "10.0.0.255", true)]
    [InlineData("10.0.0.5-10.0.1.2", "10.0.1.2", true)]
    [InlineData("10.0.0.5-10.0.1.2", "10.0.1.3", false)]
    [InlineData("fe80::/10", "fe80::1%3", true)]
    [InlineData("2001:db8::1-2001:db8::ffff", "2001:db8::10", true)]
    public void A_range_has_all_from_its_lowest_to_its_highest_address(string range, string address, bool contains) =>
        Assert.Equal(contains, AddressRange.Parse(range).Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("")]
    [InlineData("ftp.example.com")]
    [InlineData("10.0.0.0/33")]
    [InlineData("::/129")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0.9-10.0.0.1")]
    [InlineData("10.0.0.1-::1")]
    [InlineData("10.0.0.1-")]
    [InlineData("10.1")]
    [InlineData("010.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:0:0/96")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%eth0")]
    public void An_address_that_may_be_meant_otherwise_is_refused(string range) =>
        Assert.Throws<FormatException>(() => AddressRange.Parse(range));

    [Theory]
    [InlineData("10.0.0.1/8", "10.0.0.0/8")]
    [InlineData("010.0.0.1", "8.0.0.1")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1")]
    public void The_refusal_says_what_to_write(string range, string write) =>
        Assert.Contains(write, Assert.Throws<FormatException>(() => AddressRange.Parse(range)).Message, StringComparison.Ordinal);
}
