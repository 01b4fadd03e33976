using System.Buffers;
using System.Net;
using ActorTunnel.Engine.Socks;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.Socks;

public sealed class Socks4Tests
{
    private static readonly Config _config = Seeded.Cases.WithMaxTest(500);

    [Fact]
    public void A_request_tells_address_port_and_user()
    {
        Assert.Equal(
            new SocksRequest(SocksVersion.Four, SocksCommand.Connect, "10.0.0.9", 21, "alice"),
            Request([4, 1, 0, 21, 10, 0, 0, 9, .. "alice"u8, 0]));
        Assert.Equal(
            new SocksRequest(SocksVersion.Four, SocksCommand.Bind, "10.0.0.9", 8080), Request([4, 2, 0x1F, 0x90, 10, 0, 0, 9, 0]));
    }

    [Fact]
    public void Version_4a_tells_a_name()
    {
        Assert.Equal(
            new SocksRequest(SocksVersion.Four, SocksCommand.Connect, "ftp.example", 21, "bob"),
            Request([4, 1, 0, 21, 0, 0, 0, 1, .. "bob"u8, 0, .. "ftp.example"u8, 0]));
        Assert.Equal("x", Request([4, 1, 0, 21, 0, 0, 0, 255, 0, (byte)'x', 0]).Host);
    }

    [Fact]
    public void An_address_of_zeros_is_an_address() => Assert.Equal("0.0.0.0", Request([4, 1, 0, 21, 0, 0, 0, 0, 0]).Host);

    [Fact]
    public void A_name_without_letters_can_not_be_served() =>
        Assert.Equal(Socks5ReplyCode.HostUnreachable, Request([4, 1, 0, 21, 0, 0, 0, 1, 0, 0]).Refusal);

    [Fact]
    public void The_longest_user_and_the_longest_name_are_read_exactly()
    {
        byte[] longest = [4, 1, 0, 21, 0, 0, 0, 1, .. Enumerable.Repeat((byte)'u', 255), 0, .. Enumerable.Repeat((byte)'h', 255), 0];
        Assert.Equal(Socks4.MaxRequest, longest.Length);

        var request = Request(longest);

        Assert.Equal((new string('u', 255), new string('h', 255)), (request.User, request.Host));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_user_or_a_name_that_never_ends_is_invalid_after_255_bytes(bool isName)
    {
        byte[] start = isName ? [4, 1, 0, 21, 0, 0, 0, 1, 0] : [4, 1, 0, 21, 10, 0, 0, 9];
        byte[] endless = [.. start, .. Enumerable.Repeat((byte)'a', 1000)];

        var (status, _, taken) = SocksParsing.Read<SocksRequest>(Socks4.ParseRequest, endless, Socks4.MaxRequest);

        Assert.Equal((OperationStatus.InvalidData, start.Length + 256), (status, taken));
    }

    [Fact]
    public void Another_version_is_invalid_at_its_first_byte() =>
        Assert.Equal(OperationStatus.InvalidData, Socks4.ParseRequest([5], out _, out _));

    [Fact]
    public void Answers_are_as_the_authors_have_them()
    {
        Assert.Equal([0, 90, 0, 0, 0, 0, 0, 0], SocksReply.Of(SocksVersion.Four, Socks5ReplyCode.Succeeded));
        Assert.Equal(
            [0, 90, 0x1F, 0x90, 10, 0, 0, 9],
            SocksReply.Of(SocksVersion.Four, Socks5ReplyCode.Succeeded, new IPEndPoint(IPAddress.Parse("10.0.0.9"), 8080)));
        foreach (var failure in Enum.GetValues<Socks5ReplyCode>().Where(code => code != Socks5ReplyCode.Succeeded))
            Assert.Equal([0, 91, 0, 0, 0, 0, 0, 0], SocksReply.Of(SocksVersion.Four, failure));
    }

    [Fact]
    public void Any_request_cut_anywhere_is_read_exactly() =>
        Prop.ForAll(
            Gen.Choose(0, 255).ArrayOf().Select(Text).Zip(Gen.Choose(0, 255).ArrayOf().Select(Text)).ToArbitrary(),
            texts =>
            {
                byte[] message = [4, 1, 0, 21, 0, 0, 0, 7, .. texts.Item1, 0, .. texts.Item2, 0];
                Request(message);
            }).Check(_config);

    private static byte[] Text(int[] bytes) => [.. bytes.Where(value => value != 0).Take(Socks4.MaxText).Select(value => (byte)value)];

    private static SocksRequest Request(byte[] message) =>
        SocksParsing.ReadsExactly<SocksRequest>(Socks4.ParseRequest, message, Socks4.MaxRequest);
}
