using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Ssh.Tests;

public sealed class AlgorithmListTests
{
    private static readonly string[] _supported = ["aes128-gcm", "aes256-gcm", "chacha20", "aes128-ctr", "aes256-ctr"];

    /// <summary>As ssh -G prints them, where it has the same names; it takes wildcards in HostKeyAlgorithms only.</summary>
    [Theory]
    [InlineData("chacha20", "chacha20")]
    [InlineData("aes256-ctr,chacha20,aes256-ctr", "aes256-ctr,chacha20")]
    [InlineData("*-ctr,aes*", "aes128-ctr,aes256-ctr,aes128-gcm,aes256-gcm")]
    [InlineData("aes???-ctr", "aes128-ctr,aes256-ctr")]
    [InlineData("+chacha20", "aes128-gcm,aes256-gcm,chacha20,aes128-ctr,aes256-ctr")]
    [InlineData("^aes256*,chacha20", "aes256-gcm,aes256-ctr,chacha20,aes128-gcm,aes128-ctr")]
    [InlineData("-aes128*,none-such", "aes256-gcm,chacha20,aes256-ctr")]
    [InlineData("-", "aes128-gcm,aes256-gcm,chacha20,aes128-ctr,aes256-ctr")]
    [InlineData("-*", "")]
    [InlineData("", "")]
    [InlineData(", chacha20 ,", "chacha20")]
    public void Every_form_of_OpenSSH_is_understood(string text, string names)
    {
        var list = AlgorithmList.Parse(text, _supported);
        Assert.Equal(names, string.Join(',', list.Names));
        Assert.Empty(list.Unknown);
    }

    /// <summary>ssh's order_hostkeyalgs is for these alone.</summary>
    [Theory]
    [InlineData("+chacha20", true)]
    [InlineData("-chacha20", true)]
    [InlineData("^chacha20", false)]
    [InlineData("chacha20", false)]
    public void Only_what_is_added_or_taken_away_says_nothing_of_the_order(string text, bool keepsOrder) =>
        Assert.Equal(keepsOrder, AlgorithmList.Parse(text, _supported).KeepsOrder);

    [Theory]
    [InlineData("3des-cbc,chacha20,blowfish*", "chacha20", "3des-cbc,blowfish*")]
    [InlineData("+3des-cbc", "aes128-gcm,aes256-gcm,chacha20,aes128-ctr,aes256-ctr", "3des-cbc")]
    [InlineData("Chacha20", "", "Chacha20")]
    [InlineData("!chacha20", "", "!chacha20")]
    public void What_is_not_here_is_told_apart(string text, string names, string unknown)
    {
        var list = AlgorithmList.Parse(text, _supported);
        Assert.Equal((names, unknown), (string.Join(',', list.Names), string.Join(',', list.Unknown)));
    }

    [Fact]
    public void Any_text_gives_names_that_are_supported_each_once()
    {
        var piece = Gen.Elements("+", "-", "^", ",", "*", "?", "aes", "128", "-ctr", "chacha20", "\\", "\"", "<", ">", "!", " ", "é", "\0");
        Prop.ForAll(piece.ListOf().Select(list => string.Concat(list)).ToArbitrary(), text =>
        {
            var names = AlgorithmList.Parse(text, _supported).Names;
            Assert.Empty(names.Except(_supported));
            Assert.Equal(names.Count, names.Distinct().Count());
        }).Check(Seeded.Cases);
    }
}
