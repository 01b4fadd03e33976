using System.Buffers;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Tests.Ftp;

public sealed class TelnetTests
{
    [Theory]
    [InlineData("\xff\xfb\x01", "\xff\xfe\x01")] // WILL: DONT
    [InlineData("\xff\xfd\x06", "\xff\xfc\x06")] // DO: WONT
    [InlineData("\xff\xfc\x01", "")]
    [InlineData("\xff\xfe\x01", "")]
    [InlineData("\xff\xfd\n", "\xff\xfc\n")]
    public void B9_an_option_is_refused_and_a_refusal_is_not_answered(string negotiation, string expected)
    {
        foreach (var lengths in new int[][] { [], [1], [2] })
        {
            var line = Bytes.Split(Bytes.Of($"{negotiation}NOOP\r\n"), lengths);
            Assert.True(Telnet.TryTakeNegotiation(ref line, out var answer));
            Assert.Equal(expected, Bytes.Text(answer));
            Assert.Equal("NOOP\r\n", Bytes.Text(line.ToArray()));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\xff")]
    [InlineData("\xff\xfd")]
    [InlineData("NOOP\r\n")]
    [InlineData("\xff\xf4\xff\xf2" + "ABOR\r\n")]
    [InlineData("\xff\xff\xfd\x01\r\n")]
    [InlineData("RETR \xff\xfd\x01\r\n")]
    public void B9_anything_else_stays_where_it_is(string line)
    {
        var buffer = new ReadOnlySequence<byte>(Bytes.Of(line));
        Assert.False(Telnet.TryTakeNegotiation(ref buffer, out _));
        Assert.Equal(line, Bytes.Text(buffer.ToArray()));
    }
}
