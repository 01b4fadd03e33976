using System.Net;
using ActorTunnel.Engine.Ftp;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.Ftp;

public sealed class ActiveCommandTests
{
    [Theory]
    [InlineData("PORT 127,0,0,1,4,51", "127.0.0.1:1075")]
    [InlineData("PORT  127, 0,0 ,001,04,51 ", "127.0.0.1:1075")]
    [InlineData("EPRT |1|127.0.0.1|1075|", "127.0.0.1:1075")]
    [InlineData("EPRT !1!127.0.0.1!01075! ", "127.0.0.1:1075")]
    [InlineData("EPRT |2|::1|1075|", "[::1]:1075")]
    [InlineData("EPRT |2|1080::8:800:200C:417A|5282|", "[1080::8:800:200c:417a]:5282")]
    [InlineData("EPRT |2|::ffff:127.0.0.1|1075|", "127.0.0.1:1075")]
    public void A6_an_endpoint_is_understood(string text, string expected)
    {
        Assert.True(ActiveCommand.TryParse(FtpCommand.Create(text), out var endpoint, out _));
        Assert.Equal(IPEndPoint.Parse(expected), endpoint);
    }

    [Theory]
    [InlineData("PORT", 501)]
    [InlineData("PORT 127,0,0,1,4", 501)]
    [InlineData("PORT 127,0,0,1,4,51,6", 501)]
    [InlineData("PORT x127,0,0,1,4,51", 501)]
    [InlineData("PORT 127,0,0,1,4,256", 501)]
    [InlineData("PORT 127,0,0,1,0,0", 501)]
    [InlineData("EPRT", 501)]
    [InlineData("EPRT |", 501)]
    [InlineData("EPRT |1|127.0.0.1|1075", 501)]
    [InlineData("EPRT |1|127.0.0.1|0|", 501)]
    [InlineData("EPRT |1|127.0.0.1|65536|", 501)]
    [InlineData("EPRT |1|127.0.0.1|1075|x", 501)]
    [InlineData("EPRT 111127.0.0.11107511", 501)]
    [InlineData("EPRT |1|::1|1075|", 501)]
    [InlineData("EPRT |2|127.0.0.1|1075|", 501)]
    [InlineData("EPRT |1|127.1|1075|", 501)]
    [InlineData("EPRT |1|0177.0.0.1|1075|", 501)]
    [InlineData("EPRT |2|fe80::1%1|1075|", 501)]
    [InlineData("EPRT |2|[::1]:80|1075|", 501)]
    [InlineData("EPRT |2||1075|", 501)]
    [InlineData("EPRT |3|whatever|1075|", 522)]
    public void A5_what_is_no_endpoint_is_answered(string text, int code)
    {
        Assert.False(ActiveCommand.TryParse(FtpCommand.Create(text), out _, out var refusal));
        Assert.Equal(code, refusal!.Code);
    }

    [Fact]
    public void A_written_command_reads_as_what_was_written() =>
        Prop.ForAll<ushort, byte, bool>((port, last, isIPv6) =>
        {
            var address = IPAddress.Parse(isIPv6 ? $"2001:db8::{last:x}" : $"10.1.2.{last}");
            var endpoint = new IPEndPoint(address, Math.Max(1, (int)port));
            var command = ActiveCommand.For(ActiveCommand.VerbFor(endpoint), endpoint)!;
            return command.Verb == (isIPv6 ? FtpVerb.Eprt : FtpVerb.Port)
                && ActiveCommand.TryParse(command, out var read, out _)
                && read.Equals(endpoint);
        }).Check(Seeded.Cases);

    [Fact]
    public void Written_commands_have_the_form_of_the_RFCs()
    {
        Assert.Equal("PORT 127,0,0,1,4,51\r\n", Text(FtpVerb.Port, "127.0.0.1:1075"));
        Assert.Equal("EPRT |1|127.0.0.1|1075|\r\n", Text(FtpVerb.Eprt, "127.0.0.1:1075"));
        Assert.Equal("EPRT |2|::1|1075|\r\n", Text(FtpVerb.Eprt, "[::1]:1075"));
        Assert.Equal("EPRT |2|fe80::1|1075|\r\n", Text(FtpVerb.Eprt, "[fe80::1%3]:1075"));
        Assert.Null(ActiveCommand.For(FtpVerb.Port, IPEndPoint.Parse("[::1]:1075")));

        static string Text(FtpVerb verb, string listener) => Bytes.Text(ActiveCommand.For(verb, IPEndPoint.Parse(listener))!.Line);
    }

    [Theory]
    [InlineData("10.0.0.1:1024", "10.0.0.1", true)]
    [InlineData("10.0.0.1:1023", "10.0.0.1", false)]
    [InlineData("10.0.0.2:1024", "10.0.0.1", false)]
    [InlineData("[fe80::1]:5000", "fe80::1%3", true)]
    [InlineData("[::1]:5000", "127.0.0.1", false)]
    public void A5_data_goes_to_the_client_itself_and_to_no_well_known_service(string endpoint, string client, bool expected) =>
        Assert.Equal(expected, ActiveCommand.IsAllowed(IPEndPoint.Parse(endpoint), IPAddress.Parse(client)));
}
