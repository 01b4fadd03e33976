using System.Net;
using ActorTunnel.Engine.Ftp;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.Ftp;

public sealed class PassiveReplyTests
{
    private static readonly IPEndPoint _listener = new(IPAddress.Parse("10.9.8.7"), (200 * 256) + 100);

    [Theory]
    [InlineData("227 Entering Passive Mode (127,0,0,1,4,51)\r\n", "227 Entering Passive Mode (10,9,8,7,200,100)\r\n")]
    [InlineData("227 Entering Passive Mode (127,0,0,1,4,51).\r\n", "227 Entering Passive Mode (10,9,8,7,200,100).\r\n")]
    [InlineData("227 Will passively listen to 127,0,0,1,4,51\n", "227 Will passively listen to 10,9,8,7,200,100\n")]
    [InlineData("227 Entering passive mode. 127,0,0,1,4,51\r\n", "227 Entering passive mode. 10,9,8,7,200,100\r\n")]
    [InlineData("227 127,0,0,1,4,51\r\n", "227 10,9,8,7,200,100\r\n")]
    [InlineData("227 =127,0,0,1,4,51\r\n", "227 =10,9,8,7,200,100\r\n")]
    [InlineData("227 ( 127, 000,0 ,001 , 04,051 )\r\n", "227 ( 10,9,8,7,200,100 )\r\n")]
    [InlineData("227 Mode 3, see (127,0,0,1,4,51)\r\n", "227 Mode 3, see (10,9,8,7,200,100)\r\n")]
    [InlineData("227 (127,0,0,1,4,51,9)\r\n", "227 (10,9,8,7,200,100,9)\r\n")]
    [InlineData("227-Hello 1,2,3\r\n more\r\n227 (127,0,0,1,4,51)\r\n", "227-Hello 1,2,3\r\n more\r\n227 (10,9,8,7,200,100)\r\n")]
    [InlineData("227-(127,0,0,1,4,51)\r\n227 done\r\n", "227-(10,9,8,7,200,100)\r\n227 done\r\n")]
    public void A1_PASV_replies_change_only_in_their_numbers(string wire, string expected)
    {
        var passive = PassiveReply.Parse(new FtpReply(227, Bytes.Of(wire)));
        Assert.NotNull(passive);
        Assert.Equal(IPAddress.Loopback, passive.Address);
        Assert.Equal((4 * 256) + 51, passive.Port);
        Assert.Equal(expected, Bytes.Text(passive.Rewrite(_listener).Bytes));
    }

    [Theory]
    [InlineData("229 Entering Extended Passive Mode (|||1075|)\r\n", "229 Entering Extended Passive Mode (|||51300|)\r\n")]
    [InlineData("229 Entering Extended Passive Mode (!!!1075!)\n", "229 Entering Extended Passive Mode (!!!51300!)\n")]
    [InlineData("229 Ok |||1075|\r\n", "229 Ok |||51300|\r\n")]
    [InlineData("229 Ok... (|||01075|)\r\n", "229 Ok... (|||51300|)\r\n")]
    [InlineData("229-Hello\r\n229 (|||1075|)\r\n", "229-Hello\r\n229 (|||51300|)\r\n")]
    public void A2_EPSV_replies_change_only_in_their_port(string wire, string expected)
    {
        var passive = PassiveReply.Parse(new FtpReply(229, Bytes.Of(wire)));
        Assert.NotNull(passive);
        Assert.Null(passive.Address);
        Assert.Equal(1075, passive.Port);
        Assert.Equal(expected, Bytes.Text(passive.Rewrite(_listener).Bytes));
    }

    [Theory]
    [InlineData(227, "227 Entering Passive Mode\r\n")]
    [InlineData(227, "227 (127,0,0,1,4)\r\n")]
    [InlineData(227, "227 (1,2\r\n,3,4,5,6)\r\n")]
    [InlineData(227, "227 (127,0,0,1,4,256)\r\n")]
    [InlineData(227, "227 (1234567890123,0,0,1,4,51)\r\n")]
    [InlineData(227, "227 (127,0,0,1,0,0)\r\n")]
    [InlineData(229, "229 (|||0|)\r\n")]
    [InlineData(229, "229 (|||65536|)\r\n")]
    [InlineData(229, "229 (||||)\r\n")]
    [InlineData(229, "229 (|||1075)\r\n")]
    [InlineData(229, "229 1111075 1\r\n")]
    [InlineData(229, "229 (|!|1075|)\r\n")]
    [InlineData(229, "229 (|||+107|)\r\n")]
    [InlineData(200, "200 (127,0,0,1,4,51)\r\n")]
    public void Replies_that_name_no_usable_endpoint_are_left_alone(int code, string wire) =>
        Assert.Null(PassiveReply.Parse(new FtpReply(code, Bytes.Of(wire))));

    [Fact]
    public void A_rewritten_reply_reads_as_what_was_written() =>
        Prop.ForAll<uint, ushort>((address, port) =>
        {
            var endpoint = new IPEndPoint(new IPAddress(address), Math.Max(1, (int)port));
            var reply = PassiveReply.Parse(new FtpReply(227, Bytes.Of("227 (1,2,3,4,5,6) 7\r\n")))!.Rewrite(endpoint);
            var again = PassiveReply.Parse(reply)!;
            return again.Address!.Equals(endpoint.Address) && again.Port == endpoint.Port;
        }).Check(Seeded.Cases);

    [Fact]
    public void Any_text_is_parsed_or_left_alone() =>
        Prop.ForAll(Gen.Elements("1", "255", "256", "0", ",", " ", "|", "x", "\r\n").ListOf().ToArbitrary(), parts =>
        {
            var wire = Bytes.Of(string.Concat(parts));
            return PassiveReply.Parse(new FtpReply(227, wire)) is not { Port: < 1 or > 65535 }
                && PassiveReply.Parse(new FtpReply(229, wire)) is not { Port: < 1 or > 65535 };
        }).Check(Seeded.Cases);

    [Theory]
    [InlineData("227 Hier (127,0,0,1,4,51)!\r\n", FtpVerb.Pasv, "227 Hier (10,9,8,7,200,100)!\r\n")]
    [InlineData("227 Hier (127,0,0,1,4,51)!\r\n", FtpVerb.Epsv, "229 Entering Extended Passive Mode (|||51300|)\r\n")]
    [InlineData("229 Hier (!!!1075!)\r\n", FtpVerb.Epsv, "229 Hier (!!!51300!)\r\n")]
    [InlineData("229 Hier (!!!1075!)\r\n", FtpVerb.Pasv, "227 Entering Passive Mode (10,9,8,7,200,100).\r\n")]
    internal void C17_a_reply_of_the_other_form_is_put_in_the_one_that_was_asked_for(string wire, FtpVerb asked, string expected) =>
        Assert.Equal(
            expected,
            Bytes.Text(PassiveReply.Parse(new FtpReply(int.Parse(wire[..3], null as IFormatProvider), Bytes.Of(wire)))!.For(asked, _listener).Bytes));

    [Fact]
    public void A_227_cannot_name_an_IPv6_listener()
    {
        var passive = PassiveReply.Parse(new FtpReply(227, Bytes.Of("227 (127,0,0,1,4,51)\r\n")))!;
        Assert.Throws<ArgumentException>(() => passive.Rewrite(new IPEndPoint(IPAddress.IPv6Loopback, 1)));
    }
}
