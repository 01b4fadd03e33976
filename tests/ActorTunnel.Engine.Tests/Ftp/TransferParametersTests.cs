using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Tests.Ftp;

public sealed class TransferParametersTests
{
    private readonly TransferParameters _parameters = new();

    [Fact]
    public void B13_after_REIN_all_is_as_at_the_beginning()
    {
        Set();

        Accept("REIN", "220 as if new");

        Assert.Equal(('A', 'S', 'F', false, false), State);
    }

    // RFC 959, section 4.1.1, USER: "All transfer parameters are unchanged".
    [Theory]
    [InlineData("USER bob", "331 password")]
    [InlineData("PASS x", "230 welcome")]
    [InlineData("REIN", "502 not here")]
    public void B13_after_a_second_USER_or_a_refused_REIN_all_stays_as_it_was(string command, string reply)
    {
        Set();

        Accept(command, reply);

        Assert.Equal(('I', 'B', 'R', true, true), State);
    }

    private (char Type, char Mode, char Structure, bool Restarts, bool IsExtendedOnly) State =>
        (_parameters.Type, _parameters.Mode, _parameters.Structure, _parameters.Restarts, _parameters.IsExtendedOnly);

    private void Set()
    {
        Accept("TYPE I", "200 ok");
        Accept("MODE B", "200 ok");
        Accept("STRU R", "200 ok");
        Accept("EPSV ALL", "200 ok");
        Accept("REST 5", "350 go on");
        Assert.Equal(('I', 'B', 'R', true, true), State);
    }

    private void Accept(string command, string reply) =>
        _parameters.Accept(FtpCommand.Create(command), FtpReply.Create(int.Parse(reply[..3], null), reply[4..]));
}
