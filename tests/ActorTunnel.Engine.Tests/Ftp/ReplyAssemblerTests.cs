using System.Buffers;
using ActorTunnel.Engine.Ftp;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.Ftp;

public sealed class ReplyAssemblerTests
{
    [Theory]
    [InlineData("220 Welcome\r\n")]
    [InlineData("220 Welcome\n")]
    [InlineData("220\r\n")]
    [InlineData("220\n")]
    [InlineData("220-Hello\r\n220 ready\r\n")]
    [InlineData("220-Hello\r\n221 not yet\r\n 220 nor here\r\n220-nor here\r\n2200 nor here\r\nready\r\n220 ready\r\n")]
    [InlineData("220-Hello\r\n220\r\n")]
    [InlineData("220-\n220 \n")]
    [InlineData("220Welcome\r\n")]
    public void B1_a_reply_is_complete_at_its_last_line_and_not_before(string wire)
    {
        var replies = Assemble(wire);
        var reply = Assert.Single(replies);
        Assert.Equal(220, reply.Code);
        Assert.True(reply.IsFinal);
        Assert.Equal(wire, Bytes.Text(reply.Bytes));
    }

    [Theory]
    [InlineData("Connection closed\r\n")]
    [InlineData("\r\n")]
    [InlineData("22\r\n")]
    [InlineData("2200 x\r\n")]
    [InlineData("099 x\r\n")]
    [InlineData("+22 x\r\n")]
    [InlineData(" 220 x\r\n")]
    public void B2_a_line_that_is_no_reply_passes_by_itself(string wire)
    {
        var line = Assert.Single(Assemble(wire));
        Assert.Equal(ReplyKind.None, line.Kind);
        Assert.False(line.IsFinal);
        Assert.Equal(wire, Bytes.Text(line.Bytes));
    }

    [Theory]
    [InlineData(150, ReplyKind.Preliminary, false)]
    [InlineData(226, ReplyKind.Completion, true)]
    [InlineData(331, ReplyKind.Intermediate, true)]
    [InlineData(426, ReplyKind.TransientNegative, true)]
    [InlineData(550, ReplyKind.PermanentNegative, true)]
    [InlineData(631, ReplyKind.Unknown, true)]
    public void The_first_digit_is_the_kind(int code, object kind, bool isFinal)
    {
        var reply = Assert.Single(Assemble($"{code} text\r\n"));
        Assert.Equal(kind, reply.Kind);
        Assert.Equal(isFinal, reply.IsFinal);
    }

    [Fact]
    public void Several_replies_come_one_by_one() =>
        Assert.Equal([150, 226, 0, 211], Assemble("150 go\r\n226 done\r\n???\r\n211-a\r\nb\r\n211 c\r\n").Select(reply => reply.Code));

    [Fact]
    public void B8_a_reply_too_big_to_hold_leaves_in_parts_and_ends_once()
    {
        var line = " " + new string('x', 1000) + "\r\n";
        var lineCount = (3 * ReplyAssembler.MaxHeld) / line.Length;
        var wire = "213-Status\r\n" + string.Concat(Enumerable.Repeat(line, lineCount)) + "213 End\r\n";

        var parts = Assemble(wire);

        Assert.InRange(parts.Count, 3, 4);
        Assert.All(parts, part => Assert.Equal(213, part.Code));
        Assert.All(parts, part => Assert.InRange(part.Bytes.Length, 1, ReplyAssembler.MaxHeld + line.Length));
        Assert.All(parts.SkipLast(1), part => Assert.False(part.IsFinal));
        Assert.True(parts[^1].IsFinal);
        Assert.Equal(wire, string.Concat(parts.Select(part => Bytes.Text(part.Bytes))));
    }

    [Theory]
    [InlineData("213-List\r\n226 files here\r\n", 213)]
    [InlineData("211-Status\r\n426 is what a transfer got\r\n", 211)]
    [InlineData("226-Stored\r\n250 ok\r\n", 226)]
    [InlineData("226-Stored\r\n451 not quite\r\n", 451)]
    [InlineData("150-Opening\r\n425 not\r\n", 425)]
    public void B1_what_is_told_is_no_outcome_and_a_refusal_is_no_success(string lines, int code)
    {
        var assembler = new ReplyAssembler();
        Assert.Empty(Assemble(lines, assembler));
        var reply = assembler.TakePaused(mayPart: false);
        Assert.Equal((code, lines, true), (reply!.Code, Bytes.Text(reply.Bytes), reply.IsComplete));
    }

    [Fact]
    public void B1_a_reply_that_goes_on_behind_the_pause_that_has_ended_it_answers_nobody_else()
    {
        var assembler = new ReplyAssembler();
        Assemble("213-List\r\n200 files here\r\n", assembler);
        Assert.True(assembler.TakePaused(mayPart: true)!.IsWhole);

        var replies = Assemble("-rw file\r\n250 more\r\n213 End\r\n200 binary\r\n", assembler);

        Assert.Equal([(213, true, "-rw file\r\n250 more\r\n213 End\r\n"), (200, false, "200 binary\r\n")],
            replies.Select(reply => (reply.Code, reply.Continues, Bytes.Text(reply.Bytes))));
    }

    [Fact]
    public void B1_a_line_without_a_code_behind_a_wrong_end_does_not_keep_the_next_reply()
    {
        var assembler = new ReplyAssembler();
        Assemble("230-Welcome\r\n220 ready\r\n", assembler);
        assembler.TakePaused(mayPart: true);

        Assert.Empty(Assemble("a stray line\r\n200 binary\r\n", assembler));
        var reply = assembler.TakePaused(mayPart: true);

        Assert.Equal((200, true), (reply!.Code, reply.IsWhole));
    }

    [Fact]
    public void A_reply_cut_off_by_the_end_of_the_stream_is_never_final()
    {
        var assembler = new ReplyAssembler();
        Assert.Null(assembler.Add(Bytes.Of("226-Done\r\n")));
        var rest = assembler.TakeUnfinished();
        Assert.NotNull(rest);
        Assert.False(rest.IsFinal);
        Assert.Equal("226-Done\r\n", Bytes.Text(rest.Bytes));
        Assert.Null(assembler.TakeUnfinished());
    }

    [Fact]
    public void Nothing_is_left_at_the_end_of_whole_replies()
    {
        var assembler = new ReplyAssembler();
        Assert.NotNull(assembler.Add(Bytes.Of("226 Done\r\n")));
        Assert.Null(assembler.TakeUnfinished());
    }

    [Fact]
    public void Every_byte_of_a_server_comes_out_once_and_in_order() =>
        Prop.ForAll(
            Gen.Elements("220-", "220 ", "220", "226-", "226 x", "\r\n", "\n", "\r", " ", "text", "1").ListOf().ToArbitrary(),
            parts =>
            {
                var wire = string.Concat(parts) + "\r\n";
                var assembler = new ReplyAssembler();
                var output = string.Concat(Assemble(wire, assembler).Select(reply => Bytes.Text(reply.Bytes)));
                return output + Bytes.Text(assembler.TakeUnfinished()?.Bytes ?? default) == wire;
            }).Check(Seeded.Cases);

    [Theory]
    [InlineData("one\r\n226 two", "425 one  226 two\r\n")]
    [InlineData("tab\tand\0nul", "425 tab and nul\r\n")]
    [InlineData("", "425 \r\n")]
    public void A_reply_of_our_own_is_one_line_whatever_it_quotes(string text, string expected) =>
        Assert.Equal(expected, Bytes.Text(FtpReply.Create(425, text).Bytes));

    [Fact]
    public void A_reply_of_our_own_is_short_whatever_it_quotes() =>
        Assert.InRange(FtpReply.Create(425, new string('x', 100_000)).Bytes.Length, 100, 512);

    private static List<FtpReply> Assemble(string wire, ReplyAssembler? assembler = null)
    {
        assembler ??= new ReplyAssembler();
        var replies = new List<FtpReply>();
        var buffer = new ReadOnlySequence<byte>(Bytes.Of(wire));
        while (ControlLineReader.Read(ref buffer, endOfStream: false, out var line) == LineStatus.Line)
        {
            if (assembler.Add(line) is { } reply)
                replies.Add(reply);
        }

        return replies;
    }
}
