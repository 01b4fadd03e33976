using System.Net.Sockets;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Tests.Ftp;

public sealed class PassiveCommandTests
{
    [Theory]
    [InlineData("PASV")]
    [InlineData("P@SW")]
    [InlineData("EPSV")]
    [InlineData("EPSV 1")]
    [InlineData("EPSV  1 ")]
    [InlineData("EPSV ALL")]
    [InlineData("epsv all")]
    public void What_can_be_served_is_not_refused(string text) =>
        Assert.Null(PassiveCommand.Refusal(FtpCommand.Create(text), AddressFamily.InterNetwork, isExtendedOnly: false));

    [Theory]
    [InlineData("EPSV 2", AddressFamily.InterNetwork, "522 Network protocol not supported, use (1)\r\n")]
    [InlineData("EPSV 1", AddressFamily.InterNetworkV6, "522 Network protocol not supported, use (2)\r\n")]
    [InlineData("EPSV 3", AddressFamily.InterNetworkV6, "522 Network protocol not supported, use (2)\r\n")]
    [InlineData("EPSV 99999999999999999999", AddressFamily.InterNetwork, "522 Network protocol not supported, use (1)\r\n")]
    [InlineData("EPSV 1x", AddressFamily.InterNetwork, "501 EPSV takes a protocol number, or ALL.\r\n")]
    [InlineData("EPSV -1", AddressFamily.InterNetwork, "501 EPSV takes a protocol number, or ALL.\r\n")]
    public void A3_another_family_than_the_listener_s_is_522_with_the_one_that_there_is(string text, AddressFamily family, string expected) =>
        Assert.Equal(expected, Bytes.Text(PassiveCommand.Refusal(FtpCommand.Create(text), family, isExtendedOnly: false)!.Bytes));

    [Fact]
    public void A4_after_EPSV_ALL_there_is_EPSV_and_nothing_else()
    {
        Assert.Equal(501, PassiveCommand.Refusal(FtpCommand.Create("PASV"), AddressFamily.InterNetwork, isExtendedOnly: true)!.Code);
        Assert.Null(PassiveCommand.Refusal(FtpCommand.Create("EPSV"), AddressFamily.InterNetwork, isExtendedOnly: true));
        Assert.Null(PassiveCommand.Refusal(FtpCommand.Create("EPSV ALL"), AddressFamily.InterNetwork, isExtendedOnly: true));
    }
}
