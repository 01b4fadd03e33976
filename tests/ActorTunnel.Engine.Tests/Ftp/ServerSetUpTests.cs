using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Tests.Ftp;

public sealed class ServerSetUpTests
{
    [Theory]
    [InlineData(FtpVerb.Pasv, FtpVerb.Epsv)]
    [InlineData(FtpVerb.Epsv, FtpVerb.Pasv)]
    [InlineData(FtpVerb.Port, FtpVerb.Eprt)]
    [InlineData(FtpVerb.Eprt, FtpVerb.Port)]
    internal void What_the_server_has_refused_once_is_said_in_the_other_words_from_then_on(FtpVerb refused, FtpVerb other)
    {
        var setUp = new ServerSetUp();
        Assert.Equal(refused, setUp.Choose(refused));

        setUp.Refuses(refused);

        Assert.Equal(other, setUp.Choose(refused));
        Assert.Equal(other, setUp.Choose(other));
    }

    [Theory]
    [InlineData(425, true)] // Pure-FTPd to PASV over IPv6.
    [InlineData(500, true)]
    [InlineData(501, true)]
    [InlineData(502, true)]
    [InlineData(504, true)]
    [InlineData(522, true)]
    [InlineData(227, false)]
    [InlineData(421, false)]
    [InlineData(503, false)]
    [InlineData(530, false)]
    [InlineData(550, false)]
    public void Only_a_refusal_of_the_command_is_worth_trying_another(int code, bool expected) =>
        Assert.Equal(expected, ServerSetUp.IsUnable(FtpReply.Create(code, "so")));
}
