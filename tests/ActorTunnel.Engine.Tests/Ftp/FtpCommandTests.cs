using ActorTunnel.Engine.Ftp;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.Ftp;

public sealed class FtpCommandTests
{
    [Theory]
    [InlineData("PASV\r\n", FtpVerb.Pasv, "")]
    [InlineData("pAsV\n", FtpVerb.Pasv, "")]
    [InlineData("PASV \r\n", FtpVerb.Pasv, "")]
    [InlineData("  PASV\r\n", FtpVerb.Pasv, "")]
    [InlineData("PASV\0\r\n", FtpVerb.Pasv, "\0")]
    [InlineData("P@SW\r\n", FtpVerb.Pasv, "")]
    [InlineData("p@sw\r\n", FtpVerb.Pasv, "")]
    [InlineData("EPSV ALL\r\n", FtpVerb.Epsv, "ALL")]
    [InlineData("RETR a\r\n", FtpVerb.Retr, "a")]
    [InlineData("RETR    a  b \r\n", FtpVerb.Retr, "a  b ")]
    [InlineData("RETR a\rb\r\0\n", FtpVerb.Retr, "a\rb\r\0")]
    [InlineData("RETR \xff\xff\x80\r\n", FtpVerb.Retr, "\xff\xff\x80")]
    [InlineData("\xff\xf4\xff\xf2" + "ABOR\r\n", FtpVerb.Abor, "")]
    [InlineData("\xff\xf4\xff\xf2\xff\xf4\xff\xf2stat x\r\n", FtpVerb.Stat, "x")]
    [InlineData("\xff\xfd\x01USER me\r\n", FtpVerb.User, "me")]
    [InlineData("XPWD\r\n", FtpVerb.Other, "")]
    [InlineData("OTHER\r\n", FtpVerb.Other, "")]
    [InlineData("PASVX\r\n", FtpVerb.Other, "")]
    [InlineData("PAS\r\n", FtpVerb.Other, "")]
    [InlineData("0012\r\n", FtpVerb.Other, "")]
    [InlineData("\xff\xffPASV\r\n", FtpVerb.Garbled, "")]
    [InlineData("DE\xff\xf1LE a\r\n", FtpVerb.Garbled, "a")]
    [InlineData("\r\n", FtpVerb.Other, "")]
    [InlineData("  \r\n", FtpVerb.Other, "")]
    [InlineData("XSHA256 a\r\n", FtpVerb.Other, "a")]
    [InlineData("\"DELE\" a\r\n", FtpVerb.Garbled, "a")]
    [InlineData("\tDELE a\r\n", FtpVerb.Garbled, "\tDELE a")]
    [InlineData("\0DELE a\r\n", FtpVerb.Garbled, "\0DELE a")]
    [InlineData("DELE\va\r\n", FtpVerb.Garbled, "")]
    [InlineData("\xc5\xbfTOR a\r\n", FtpVerb.Garbled, "a")]
    [InlineData("\xff\xf4\xff\r\n", FtpVerb.Garbled, "")]
    public void B6_the_verb_and_the_argument_are_understood(string line, object verb, string argument)
    {
        var command = FtpCommand.Parse(Bytes.Of(line));
        Assert.Equal(verb, command.Verb);
        Assert.Equal(argument, Bytes.Text(command.Argument));
        Assert.Equal(line, Bytes.Text(command.Line));
    }

    [Fact]
    public void B6_any_bytes_are_a_command_and_stay_as_they_are() =>
        Prop.ForAll<byte[]>(line =>
        {
            var copy = line.ToArray();
            return FtpCommand.Parse(line).Line.Span.SequenceEqual(copy);
        }).Check(Seeded.Cases);

    [Theory]
    [InlineData("RETR a", TransferDirection.Download)]
    [InlineData("LIST", TransferDirection.Download)]
    [InlineData("NLST", TransferDirection.Download)]
    [InlineData("MLSD", TransferDirection.Download)]
    [InlineData("STOR a", TransferDirection.Upload)]
    [InlineData("STOU", TransferDirection.Upload)]
    [InlineData("APPE a", TransferDirection.Upload)]
    [InlineData("STAT a", TransferDirection.None)]
    [InlineData("MLST a", TransferDirection.None)]
    [InlineData("PASV", TransferDirection.None)]
    public void The_verb_says_which_way_data_goes(string text, object direction) =>
        Assert.Equal(direction, FtpCommand.Create(text).Direction);

    [Theory]
    [InlineData("PASS secret", true)]
    [InlineData("ACCT secret", true)]
    [InlineData("RETR secret", false)]
    public void A_password_can_be_wiped_and_is_never_shown(string text, bool isSecret)
    {
        var command = FtpCommand.Create(text);
        Assert.Equal(text[..4], command.ToString());
        command.Erase();
        Assert.Equal(isSecret, Bytes.Text(command.Line).All(c => c == '\0'));
    }

    [Fact]
    public void A_command_of_our_own_ends_with_CRLF() => Assert.Equal("ABOR\r\n", Bytes.Text(FtpCommand.Create("ABOR").Line));
}
