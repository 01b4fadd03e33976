using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Tests.Ftp;

/// <summary>What the server is asked about an upload: by which name, and what its answers say.</summary>
public sealed class StoredNameTests
{
    [Theory]
    [InlineData("150 FILE: report.1\r\n", "report.1")]
    [InlineData("125 FILE: a name with spaces \r\n", "a name with spaces ")]
    [InlineData("150 Opening data connection for report.1\r\n", null)]
    [InlineData("150-FILE: report.1\r\n150 go on\r\n", null)]
    [InlineData("110 FILE: report.1\r\n", null)]
    [InlineData("150\r\n", null)]
    [InlineData("150", null)]
    [InlineData("1", null)]
    public void STOU_has_the_name_that_the_server_tells_and_no_guess(string reply, string? name)
    {
        var upload = new Upload(FtpCommand.Create("STOU"));

        upload.Begin(new FtpReply(reply.Length < 3 ? 0 : int.Parse(reply[..3], null as IFormatProvider), Bytes.Of(reply)));

        Assert.Equal(name, upload.StoredAs is { } told ? Bytes.Text(told) : null);
    }

    [Theory]
    [InlineData("213 0\r\n", 0L)]
    [InlineData("213 9223372036854775807\r\n", long.MaxValue)]
    [InlineData("213  12 \r\n", 12L)]
    [InlineData("213 9223372036854775808\r\n", null)]
    [InlineData("213 -1\r\n", null)]
    [InlineData("213 1,234\r\n", null)]
    [InlineData("213 0x10\r\n", null)]
    [InlineData("213\r\n", null)]
    [InlineData("213-1\r\n213 2\r\n", null)]
    [InlineData("550 12\r\n", null)]
    public void SIZE_is_a_number_or_nothing(string reply, long? size) =>
        Assert.Equal(size, Upload.ParseSize(new FtpReply(int.Parse(reply[..3], null as IFormatProvider), Bytes.Of(reply))));

    [Theory]
    [InlineData(0, 5, 5, true)]
    [InlineData(0, 5, 6, false)]
    [InlineData(0, 5, 4, false)]
    [InlineData(3, 5, 8, true)]
    [InlineData(3, 5, 20, true)] // It has written over a part in the middle.
    [InlineData(3, 5, 7, false)]
    public void All_of_it_is_there_when_nothing_is_missing(long offset, long sent, long size, bool isWhole) =>
        Assert.Equal(isWhole, new Upload(FtpCommand.Create("STOR x")) { Offset = offset }.IsWhole(size, sent));
}
