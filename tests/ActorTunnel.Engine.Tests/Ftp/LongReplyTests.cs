using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Tests.Ftp;

/// <summary>Replies whose lines are too long, or whose end does not come.</summary>
public sealed class LongReplyTests
{
    private readonly ReplyAssembler _assembler = new();

    [Theory]
    [InlineData("226 xx|xxx|x\r\n", 226)]
    [InlineData("no reply|226 x|x\r\n", 0)]
    [InlineData("211-a\r\n|211 xx|211 x|x\r\n", 211)]
    public void B8_the_last_line_in_parts_is_one_reply_that_ends_once(string wire, int code)
    {
        var parts = Add(wire);
        Assert.All(parts, part => Assert.Equal(code, part.Code));
        Assert.All(parts, part => Assert.False(part.IsWhole));
        Assert.All(parts.SkipLast(1), part => Assert.False(part.IsComplete));
        Assert.True(parts[^1].IsComplete);
        Assert.Equal([false, .. Enumerable.Repeat(true, parts.Count - 1)], parts.Select(part => part.Continues));
        Assert.Equal(wire.Replace("|", "", StringComparison.Ordinal), string.Concat(parts.Select(part => Bytes.Text(part.Bytes))));
        Assert.True(Assert.Single(Add("200 next\r\n")).IsWhole);
    }

    [Fact]
    public void B8_the_rest_of_a_long_line_is_not_the_end_of_its_reply()
    {
        Assert.Empty(Add("211-a\r\n|xxxx|211 not the end\r\n"));
        Assert.True(Assert.Single(Add("211 end\r\n")).IsWhole);
    }

    [Theory]
    [InlineData("230-Welcome\r\n|220 ready\r\n", 230)]
    [InlineData("226-Done\r\n|426 aborted\r\n", 426)]
    [InlineData("426-Aborted\r\n|226 done\r\n", 426)]
    [InlineData("150-Here\r\n|226\r\n", 226)]
    public void B2_a_reply_that_ends_with_another_code_ends_when_the_server_pauses(string wire, int code)
    {
        Assert.Empty(Add(wire));
        var reply = _assembler.TakePaused(mayPart: false);
        Assert.NotNull(reply);
        Assert.True(reply.IsWhole);
        Assert.Equal(code, reply.Code);
        Assert.Equal(wire.Replace("|", "", StringComparison.Ordinal), Bytes.Text(reply.Bytes));
        Assert.False(_assembler.IsOpen);
        Assert.True(Assert.Single(Add("200 next\r\n")).IsWhole);
    }

    [Fact]
    public void B2_lines_that_are_held_go_on_when_the_server_pauses_and_the_reply_goes_on_later()
    {
        Assert.Empty(Add("214-Help\r\n|220 not the end\r\n|text\r\n"));
        Assert.Null(_assembler.TakePaused(mayPart: false));
        var part = _assembler.TakePaused(mayPart: true);
        Assert.False(part!.IsComplete);
        Assert.Null(_assembler.TakePaused(mayPart: true));
        var end = Assert.Single(Add("more\r\n|214 End\r\n"));
        Assert.True(end is { IsComplete: true, Continues: true });
        Assert.Equal("214-Help\r\n220 not the end\r\ntext\r\nmore\r\n214 End\r\n", Bytes.Text(part.Bytes) + Bytes.Text(end.Bytes));
    }

    [Fact]
    public void B9_a_code_behind_Telnet_commands_is_a_code() =>
        Assert.Equal(226, Assert.Single(Add("\xff\xf2\xff\xf1" + "226 done\r\n")).Code);

    /// <summary>The pieces that <c>|</c> separates.</summary>
    private List<FtpReply> Add(string wire) =>
        [.. wire.Split('|').Select(piece => _assembler.Add(Bytes.Of(piece))).OfType<FtpReply>()];
}
