using System.Buffers;
using System.Net;
using ActorTunnel.Engine.Socks;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.Socks;

public sealed class Socks5ClientTests
{
    private static readonly Config _config = Seeded.Cases.WithMaxTest(1000);

    [Fact]
    public void A_greeting_counts_its_methods() =>
        Assert.Equal([5, 2, 0, 2], Socks5Client.Greeting(Socks5Method.None, Socks5Method.UserNamePassword));

    [Fact]
    public void A_name_is_asked_for_unresolved() =>
        Assert.Equal(
            [5, 1, 0, 3, 6, .. "server"u8, 0, 22], Socks5Client.Request(SocksCommand.Connect, new Socks5Address("server", 22)));

    [Fact]
    public void Addresses_are_asked_for_as_bytes()
    {
        Assert.Equal(
            [5, 1, 0, 1, 10, 0, 0, 9, 0x1F, 0x90], Socks5Client.Request(SocksCommand.Connect, new Socks5Address("10.0.0.9", 8080)));
        Assert.Equal(
            [5, 1, 0, 4, .. IPAddress.Parse("fd00::9").GetAddressBytes(), 0, 22],
            Socks5Client.Request(SocksCommand.Connect, new Socks5Address("fd00::9", 22)));
    }

    [Fact]
    public void A_login_has_the_lengths_of_name_and_password_before_them() =>
        Assert.Equal([1, 3, 0xC3, 0xA9, (byte)'a', 2, (byte)'p', (byte)'w'], Socks5Client.Login("éa", "pw"u8));

    [Theory]
    [InlineData("10.0.0.9")]
    [InlineData("fd00::9")]
    [InlineData("server.example")]
    public void What_is_written_is_read(string host)
    {
        var wire = new byte[Socks5Address.MaxLength];
        var length = new Socks5Address(host, 40022).Write(wire);

        Assert.Equal(OperationStatus.Done, Socks5Address.Parse(wire, out var address, out var consumed));

        Assert.Equal((new Socks5Address(host, 40022), length), (address, consumed));
    }

    [Fact]
    public void The_longest_name_fits_and_one_letter_more_does_not()
    {
        var wire = new byte[Socks5Address.MaxLength + 1];
        Assert.Equal(Socks5Address.MaxLength, new Socks5Address(new string('a', 255), 1).Write(wire));
        Assert.Throws<OverflowException>(() => new Socks5Address(new string('a', 256), 1).Write(wire));
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(4, 16)]
    public void A_reply_is_done_at_its_last_byte_and_not_before(byte type, int length) =>
        IsDoneAtItsLastByte([5, 5, 0, type, .. new byte[length], 0, 22], Socks5ReplyCode.ConnectionRefused);

    [Fact]
    public void A_reply_with_the_longest_name_is_done_at_its_last_byte_and_not_before()
    {
        byte[] reply = [5, 0, 0, 3, 255, .. new byte[255], 0, 22];
        Assert.Equal(Socks5Client.MaxAnswer, reply.Length);
        IsDoneAtItsLastByte(reply, Socks5ReplyCode.Succeeded);
    }

    [Theory]
    [InlineData(new byte[] { 4 })]
    [InlineData(new byte[] { 5, 0, 0, 2 })]
    [InlineData(new byte[] { 5, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void A_reply_of_another_version_or_address_type_is_invalid(byte[] reply) =>
        Assert.Equal(OperationStatus.InvalidData, Socks5Client.ParseReply(reply, out _));

    [Fact]
    public void The_two_bytes_of_a_method_or_a_status_are_read_with_their_version()
    {
        Assert.Equal(OperationStatus.NeedMoreData, Socks5Client.ParseMethod([], out _));
        Assert.Equal(OperationStatus.NeedMoreData, Socks5Client.ParseMethod([5], out _));
        Assert.Equal(OperationStatus.Done, Socks5Client.ParseMethod([5, 2], out var method));
        Assert.Equal(Socks5Method.UserNamePassword, method);
        Assert.Equal(OperationStatus.InvalidData, Socks5Client.ParseMethod([1], out _));
        Assert.Equal(OperationStatus.Done, Socks5Client.ParseLoginStatus([1, 0], out var accepted));
        Assert.True(accepted);
        Assert.Equal(OperationStatus.Done, Socks5Client.ParseLoginStatus([1, 9], out accepted));
        Assert.False(accepted);
        Assert.Equal(OperationStatus.InvalidData, Socks5Client.ParseLoginStatus([5, 0], out _));
    }

    [Fact]
    public void Whatever_comes_more_bytes_never_change_an_answer() =>
        Prop.ForAll(
            Gen.Choose(0, 6).Select(value => (byte)value).ArrayOf().ToArbitrary(),
            bytes =>
            {
                var decided = OperationStatus.NeedMoreData;
                var isStable = true;
                for (var length = 0; length <= bytes.Length; length++)
                {
                    var status = Socks5Client.ParseReply(bytes.AsSpan(0, length), out _);
                    isStable &= decided == OperationStatus.NeedMoreData || status == decided;
                    decided = status;
                }

                return isStable;
            }).Check(_config);

    private static void IsDoneAtItsLastByte(byte[] reply, Socks5ReplyCode expected)
    {
        for (var length = 0; length < reply.Length; length++)
            Assert.Equal(OperationStatus.NeedMoreData, Socks5Client.ParseReply(reply.AsSpan(0, length), out _));
        Assert.Equal(OperationStatus.Done, Socks5Client.ParseReply(reply, out var code));
        Assert.Equal(expected, code);
    }
}
