using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Tests.Ftp;

public sealed class CommandAssemblerTests
{
    private readonly CommandAssembler _assembler = new();

    [Fact]
    public void B8_a_command_in_parts_is_one_that_is_too_long_and_the_next_is_itself()
    {
        Assert.Null(_assembler.Add(Bytes.Of("RETR xxx")));
        Assert.Null(_assembler.Add(Bytes.Of("xxxxxxxx")));
        Assert.Equal(FtpVerb.TooLong, _assembler.Add(Bytes.Of("DELE a\r\n"))?.Verb);
        Assert.Equal(FtpVerb.Noop, _assembler.Add(Bytes.Of("NOOP\r\n"))?.Verb);
        Assert.False(_assembler.IsEndless);
    }

    [Fact]
    public void B8_what_is_read_away_is_wiped()
    {
        var parts = new[] { Bytes.Of("PASS secr"), Bytes.Of("et\n") };
        Assert.All(parts, part => _assembler.Add(part));
        Assert.All(parts, part => Assert.True(part.AsSpan().IndexOfAnyExcept((byte)0) < 0));
    }

    [Fact]
    public void B8_a_line_is_endless_at_its_bound_and_not_before()
    {
        const int part = 1024;
        for (var length = 0; length < CommandAssembler.MaxReadAway; length += part)
        {
            Assert.Null(_assembler.Add(new byte[part]));
            Assert.False(_assembler.IsEndless);
        }

        Assert.Null(_assembler.Add(new byte[1]));
        Assert.True(_assembler.IsEndless);
    }
}
