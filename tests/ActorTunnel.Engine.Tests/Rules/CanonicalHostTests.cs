using System.Net;
using ActorTunnel.Engine.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.Rules;

public class CanonicalHostTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("127.0.1")]
    [InlineData("0x7f.1")]
    [InlineData("0x7f000001")]
    [InlineData("0X7F000001")]
    [InlineData("017700000001")]
    [InlineData("0177.0.0.01")]
    [InlineData("2130706433")]
    [InlineData("127.0.0.1.")]
    [InlineData("127。0。0。1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:7f00:1")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("0:0:0:0:0:FFFF:127.0.0.1")]
    [InlineData("::ffff:127.0.0.1%eth0")]
    public void Every_form_of_an_address_is_the_one_address(string text)
    {
        var host = CanonicalHost.Parse(text);
        Assert.Equal("127.0.0.1", host?.Text);
        Assert.Equal(IPAddress.Loopback, host?.Address);
    }

    [Theory]
    [InlineData("[::1]", "::1")]
    [InlineData("::1%lo", "::1")]
    [InlineData("2001:DB8:0:0::1", "2001:db8::1")]
    [InlineData("fe80::1%eth0", "fe80::1%eth0")]
    [InlineData("ff02::1%3", "ff02::1%3")]
    [InlineData("1.2.3", "1.2.0.3")]
    [InlineData("0", "0.0.0.0")]
    [InlineData("010.0.0.1", "8.0.0.1")]
    public void An_address_is_passed_on_in_one_form(string text, string canonical)
    {
        Assert.Equal(canonical, CanonicalHost.Parse(text)?.Text);
        Assert.NotNull(CanonicalHost.Parse(text)?.Address);
    }

    [Theory]
    [InlineData("FTP.Example.COM", "ftp.example.com")]
    [InlineData("ftp.example.com.", "ftp.example.com")]
    [InlineData("Müller.example", "xn--mller-kva.example")]
    [InlineData("XN--MLLER-KVA.example", "xn--mller-kva.example")]
    [InlineData("a_b-c.d", "a_b-c.d")]
    [InlineData("0xdead.example", "0xdead.example")]
    [InlineData("1.2.3.4.example", "1.2.3.4.example")]
    public void A_name_is_small_ASCII_without_a_dot_at_its_end(string text, string canonical)
    {
        Assert.Equal(canonical, CanonicalHost.Parse(text)?.Text);
        Assert.Null(CanonicalHost.Parse(text)?.Address);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a/b")]
    [InlineData("a@b")]
    [InlineData("*")]
    [InlineData("256.1.1.1")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.16777216")]
    [InlineData("4294967296")]
    [InlineData("08.1.1.1")]
    [InlineData("0x")]
    [InlineData("ftp.0x7f")]
    [InlineData("127.0.0.1 x")]
    [InlineData("[::1")]
    [InlineData("::1]")]
    [InlineData("[::1]:80")]
    [InlineData("::1/64")]
    [InlineData("fe80::1%")]
    [InlineData("fe80::1%a b")]
    [InlineData("::ffff:010.0.0.1")]
    [InlineData("a:b")]
    public void What_resolvers_could_read_differently_is_no_host(string text) => Assert.Null(CanonicalHost.Parse(text));

    [Fact]
    public void A_name_is_as_long_as_DNS_allows()
    {
        var label = new string('a', 63);
        Assert.NotNull(CanonicalHost.Parse($"{label}.{label}.{label}.{label[..61]}"));
        Assert.Null(CanonicalHost.Parse($"{label}.{label}.{label}.{label}.b"));
        Assert.Null(CanonicalHost.Parse(label + "a"));
    }

    [Fact]
    public void All_that_inet_aton_reads_is_the_address_that_it_reads() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(uint Address, int Parts, int[] Radixes)>(), given =>
        {
            var text = Written(given.Address, Math.Abs(given.Parts % 4) + 1, given.Radixes);
            var bytes = BitConverter.IsLittleEndian ? BitConverter.GetBytes(given.Address).Reverse() : BitConverter.GetBytes(given.Address);
            return CanonicalHost.Parse(text)?.Text == new IPAddress([.. bytes]).ToString();
        }).Check(Seeded.Cases);

    [Fact]
    public void Whatever_a_client_sends_is_read_without_an_exception_and_the_canonical_form_stays_as_it_is() =>
        Prop.ForAll(
            Gen.Elements("0123456789abcfxXZ.:[]%-_*/@ \0。Éßﬀ\u0130\ud800".ToCharArray()).ArrayOf().ToArbitrary(),
            letters => CanonicalHost.Parse(new string(letters)) is not { } host || CanonicalHost.Parse(host.Text) == host)
        .Check(Seeded.Cases.WithMaxTest(2000));

    private static string Written(uint address, int parts, int[] radixes)
    {
        var numbers = Enumerable.Range(0, parts - 1).Select(i => (address >> (24 - (8 * i))) & 0xff)
            .Append(address & (uint)(0xffffffffUL >> (8 * (parts - 1))));
        return string.Join('.', numbers.Select((number, i) => (radixes.Length == 0 ? 0 : Math.Abs(radixes[i % radixes.Length] % 3)) switch
        {
            0 => $"{number}",
            1 => $"0x{number:X}",
            _ => "0" + Convert.ToString(number, 8),
        }));
    }
}
