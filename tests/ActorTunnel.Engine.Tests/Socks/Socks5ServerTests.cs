using System.Buffers;
using System.Net;
using ActorTunnel.Engine.Socks;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.Socks;

public sealed class Socks5ServerTests
{
    private static readonly Config _config = Seeded.Cases.WithMaxTest(1000);

    [Fact]
    public void A_greeting_tells_its_methods() =>
        Assert.Equal(
            [Socks5Method.None, (Socks5Method)1, Socks5Method.UserNamePassword],
            SocksParsing.ReadsExactly<Socks5Method[]>(Socks5Server.ParseGreeting, [5, 3, 0, 1, 2], Socks5Server.MaxGreeting));

    [Fact]
    public void A_greeting_has_up_to_255_methods_or_none()
    {
        Assert.Empty(SocksParsing.ReadsExactly<Socks5Method[]>(Socks5Server.ParseGreeting, [5, 0], Socks5Server.MaxGreeting));
        byte[] longest = [5, 255, .. Enumerable.Repeat((byte)9, 255)];
        Assert.Equal(Socks5Server.MaxGreeting, longest.Length);
        Assert.Equal(
            255, SocksParsing.ReadsExactly<Socks5Method[]>(Socks5Server.ParseGreeting, longest, Socks5Server.MaxGreeting).Length);
    }

    [Fact]
    public void A_login_tells_user_and_password()
    {
        byte[] message = [1, 3, 0xC3, 0xA9, (byte)'a', 2, (byte)'p', (byte)'w'];

        var (user, password) = SocksParsing.ReadsExactly<(string, Range)>(Socks5Server.ParseLogin, message, Socks5Server.MaxLogin);

        Assert.Equal("éa", user);
        Assert.Equal("pw"u8.ToArray(), message[password]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(255, 0)]
    [InlineData(0, 255)]
    [InlineData(255, 255)]
    public void A_login_of_any_lengths_is_read_exactly(byte user, byte password)
    {
        byte[] message = [1, user, .. Enumerable.Repeat((byte)'u', user), password, .. Enumerable.Repeat((byte)'p', password)];

        var login = SocksParsing.ReadsExactly<(string User, Range Password)>(Socks5Server.ParseLogin, message, Socks5Server.MaxLogin);

        Assert.Equal(new string('u', user), login.User);
        Assert.Equal(password, message[login.Password].Length);
    }

    [Fact]
    public void A_request_tells_command_host_and_port()
    {
        Assert.Equal(
            new SocksRequest(SocksVersion.Five, SocksCommand.Connect, "ftp.example", 21), Request([5, 1, 0, 3, 11, .. "ftp.example"u8, 0, 21]));
        Assert.Equal(
            new SocksRequest(SocksVersion.Five, SocksCommand.Bind, "10.0.0.9", 8080), Request([5, 2, 0, 1, 10, 0, 0, 9, 0x1F, 0x90]));
        Assert.Equal(
            new SocksRequest(SocksVersion.Five, SocksCommand.UdpAssociate, "fd00::9", 0),
            Request([5, 3, 0, 4, .. IPAddress.Parse("fd00::9").GetAddressBytes(), 0, 0]));
    }

    [Fact]
    public void The_longest_name_is_read_exactly()
    {
        byte[] longest = [5, 1, 0, 3, 255, .. Enumerable.Repeat((byte)'a', 255), 0, 21];
        Assert.Equal(Socks5Server.MaxRequest, longest.Length);
        Assert.Equal(new string('a', 255), Request(longest).Host);
    }

    [Fact]
    public void Behind_an_address_type_that_is_not_known_nothing_is_read()
    {
        var request = Request([5, 1, 0, 2]);

        Assert.Null(request.Host);
        Assert.Equal(Socks5ReplyCode.AddressTypeNotSupported, request.Refusal);
    }

    [Theory]
    [InlineData(SocksCommand.Connect, "ftp.example", 21, null)]
    [InlineData(SocksCommand.Connect, "::1", 21, null)]
    [InlineData(SocksCommand.Bind, "0.0.0.0", 0, null)]
    [InlineData(SocksCommand.Connect, "ftp.example", 0, Socks5ReplyCode.HostUnreachable)]
    [InlineData(SocksCommand.Connect, "", 21, Socks5ReplyCode.HostUnreachable)]
    [InlineData(SocksCommand.Connect, "ftp example", 21, Socks5ReplyCode.HostUnreachable)]
    [InlineData(SocksCommand.Connect, "ftp\r\n", 21, Socks5ReplyCode.HostUnreachable)]
    [InlineData(SocksCommand.Connect, "fé", 21, Socks5ReplyCode.HostUnreachable)]
    [InlineData(SocksCommand.UdpAssociate, "0.0.0.0", 0, Socks5ReplyCode.CommandNotSupported)]
    [InlineData((SocksCommand)0, "ftp.example", 21, Socks5ReplyCode.CommandNotSupported)]
    [InlineData((SocksCommand)9, "ftp.example", 21, Socks5ReplyCode.CommandNotSupported)]
    internal void What_cannot_be_served_whatever_the_rules_say_is_known(
        SocksCommand command, string host, int port, Socks5ReplyCode? refusal) =>
        Assert.Equal(refusal, new SocksRequest(SocksVersion.Five, command, host, port).Refusal);

    [Fact]
    public void Another_version_is_invalid_at_its_first_byte()
    {
        Assert.Equal(OperationStatus.InvalidData, Socks5Server.ParseGreeting([4], out _, out _));
        Assert.Equal(OperationStatus.InvalidData, Socks5Server.ParseLogin([5], out _, out _));
        Assert.Equal(OperationStatus.InvalidData, Socks5Server.ParseRequest([1], out _, out _));
    }

    [Fact]
    public void Answers_are_as_the_RFCs_have_them()
    {
        Assert.Equal([5, 0xFF], Socks5Server.Choice(Socks5Method.NoAcceptable));
        Assert.Equal([1, 0], Socks5Server.LoginStatus(accepted: true));
        Assert.Equal([1, 1], Socks5Server.LoginStatus(accepted: false));
        Assert.Equal([5, 0, 0, 1, 0, 0, 0, 0, 0, 0], SocksReply.Of(SocksVersion.Five, Socks5ReplyCode.Succeeded));
        Assert.Equal(
            [5, 2, 0, 4, .. IPAddress.Parse("fd00::9").GetAddressBytes(), 0x1F, 0x90],
            SocksReply.Of(SocksVersion.Five, Socks5ReplyCode.NotAllowed, new IPEndPoint(IPAddress.Parse("fd00::9"), 8080)));
    }

    [Fact]
    public void Whatever_comes_it_ends_within_the_bound_and_more_bytes_change_no_answer() =>
        Prop.ForAll(
            Gen.Choose(0, 6).Select(value => (byte)value).ArrayOf().ToArbitrary(),
            bytes => IsStable<Socks5Method[]>(Socks5Server.ParseGreeting, [5, .. bytes], Socks5Server.MaxGreeting)
                && IsStable<(string, Range)>(Socks5Server.ParseLogin, [1, .. bytes], Socks5Server.MaxLogin)
                && IsStable<SocksRequest>(Socks5Server.ParseRequest, [5, .. bytes], Socks5Server.MaxRequest)
                && IsStable<SocksRequest>(Socks4.ParseRequest, [4, .. bytes], Socks4.MaxRequest)).Check(_config);

    private static bool IsStable<T>(SocksParse<T> parse, byte[] bytes, int maxLength)
    {
        var (decided, _, taken) = SocksParsing.Read(parse, bytes, maxLength);
        for (var have = taken; have <= bytes.Length; have++)
        {
            if (decided != OperationStatus.NeedMoreData && parse(bytes.AsSpan(0, have), out _, out _) != decided)
                return false;
        }

        return true;
    }

    private static SocksRequest Request(byte[] message) =>
        SocksParsing.ReadsExactly<SocksRequest>(Socks5Server.ParseRequest, message, Socks5Server.MaxRequest);
}
