using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.FunctionalTests.CommandLine;

public sealed class SmallParserTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("90", 90)]
    [InlineData("90s", 90)]
    [InlineData("1m30s", 90)]
    [InlineData("1m30", 90)]
    [InlineData("1H", 3600)]
    [InlineData("1d1s", 86401)]
    [InlineData("1W", 604800)]
    [InlineData("30d", 2592000)]
    public void A_time_is_read_as_OpenSSH_reads_it(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), TimeFormat.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("1x")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1 m")]
    [InlineData("30d1s")]
    [InlineData("5w")]
    [InlineData("99999999999999999999999")]
    public void Anything_else_is_no_time(string text) => Assert.Null(TimeFormat.Parse(text));

    [Theory]
    [InlineData("prot", "Port")]
    [InlineData("prt", "Port")]
    [InlineData("usr", "User")]
    [InlineData("cyphers", "Ciphers")]
    [InlineData("cip", "Ciphers")]
    [InlineData("", null)]
    [InlineData("Banner", null)]
    public void The_nearest_name_has_the_fewest_slips_or_begins_so(string typed, string? nearest) =>
        Assert.Equal(nearest, NearestName.Of(typed, ["Port", "User", "Ciphers"]));

    [Fact]
    public void A_huge_name_costs_no_more_than_a_long_one() =>
        Assert.Equal(NearestName.Distance(new string('x', 64), "Port"), NearestName.Distance(new string('x', 100_000_000), "Port"));

    [Fact]
    public void Text_from_outside_cannot_drive_the_terminal()
    {
        Assert.Equal("a?[2Jb c", PrintableText.OneLine("a\u001b[2Jb\nc"));
        Assert.Equal("a?b", PrintableText.OneLine("a\u202eb"));
        Assert.Equal("a\nb?c", PrintableText.Lines("a\nb\u0007c"));
        Assert.Equal($"'{new string('x', 80)}...'", PrintableText.Quote(new string('x', 5000)));
    }
}
