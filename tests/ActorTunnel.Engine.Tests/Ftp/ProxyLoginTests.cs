using System.Text;
using ActorTunnel.Engine.Ftp;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.Ftp;

public sealed class ProxyLoginTests
{
    [Theory]
    [InlineData("alice@host", "alice", "host", 21)]
    [InlineData("alice@host:2121", "alice", "host", 2121)]
    [InlineData("alice@example.com@host", "alice@example.com", "host", 21)]
    [InlineData("@@host", "@", "host", 21)]
    [InlineData("alice@[2001:db8::1]", "alice", "2001:db8::1", 21)]
    [InlineData("alice@[2001:db8::1]:65535", "alice", "2001:db8::1", 65535)]
    [InlineData("two words@host ", "two words", "host", 21)]
    public void User_host_and_port_are_told_apart(string argument, string user, string host, int port)
    {
        var login = ProxyLogin.Parse(Encoding.ASCII.GetBytes(argument))!;
        Assert.Equal((user, host, port), (Encoding.ASCII.GetString(login.User), login.Host, login.Port));
    }

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("@host")]
    [InlineData("alice@")]
    [InlineData("alice@:21")]
    [InlineData("alice@host:")]
    [InlineData("alice@host:0")]
    [InlineData("alice@host:65536")]
    [InlineData("alice@host:123456")]
    [InlineData("alice@host:-1")]
    [InlineData("alice@host: 1")]
    [InlineData("alice@host:+1")]
    [InlineData("alice@2001:db8::1")]
    [InlineData("alice@[]")]
    [InlineData("alice@[::1")]
    [InlineData("alice@[::1]21")]
    [InlineData("alice@ho st")]
    [InlineData("alice@ho\0st")]
    [InlineData("alice@h\u00f6st")]
    public void What_is_no_such_form_is_refused(string argument) =>
        Assert.Null(ProxyLogin.Parse(Encoding.Latin1.GetBytes(argument)));

    [Fact]
    public void Whatever_comes_the_parts_are_those_of_the_argument() =>
        Prop.ForAll(Gen.Elements("ab@:[]019 \0\u00f6"u8.ToArray()).ArrayOf().ToArbitrary(), argument =>
        {
            if (ProxyLogin.Parse(argument) is not { } login)
                return;
            Assert.True(argument.AsSpan().StartsWith(login.User));
            Assert.Equal((byte)'@', argument[login.User.Length]);
            Assert.InRange(login.Port, 1, 65535);
            Assert.All(login.Host, letter => Assert.InRange(letter, '!', '~'));
        }).Check(Seeded.Cases);
}
