using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Tests.Ftp;

/// <summary>The rules of <see cref="CommandQueue"/>, one by one. ABOR has its own: <see cref="AbortTests"/>.</summary>
public sealed class CommandQueueTests
{
    private readonly CommandQueue _queue = new();

    [Fact]
    public void Commands_wait_for_the_greeting()
    {
        _queue.Enqueue(FtpCommand.Create("USER me"));
        Assert.False(_queue.TryTakeNext(out _));

        Assert.False(Reply(120).IsFinal);
        Assert.False(_queue.TryTakeNext(out _));

        var greeting = Reply(220);
        Assert.Same(FtpCommand.Greeting, greeting.Command);
        Assert.True(greeting.IsFinal);
        Assert.False(_queue.TryTakeNext(out _));

        _queue.Complete(FtpCommand.Greeting);
        Assert.True(_queue.TryTakeNext(out _));
    }

    [Fact]
    public void A_421_instead_of_a_greeting_ends_the_session()
    {
        var refusal = Reply(421);
        Assert.True(refusal.EndsSession);
        Assert.False(refusal.IsSwallowed);
    }

    [Fact]
    public void One_command_at_a_time_is_with_the_server()
    {
        Greet();
        _queue.Enqueue(FtpCommand.Create("NOOP 1"));
        _queue.Enqueue(FtpCommand.Create("NOOP 2"));
        var first = Send();
        Assert.False(_queue.TryTakeNext(out _));
        Assert.Same(first, Reply(200).Command);
        Assert.False(_queue.TryTakeNext(out _));
        _queue.Complete(first);
        Assert.Equal("NOOP 2\r\n", Bytes.Text(Send().Line));
    }

    [Fact]
    public void The_same_line_twice_is_two_commands()
    {
        Greet();
        var first = FtpCommand.Create("NOOP");
        var second = FtpCommand.Create("NOOP");
        _queue.Enqueue(first);
        _queue.Enqueue(second);
        Assert.Same(first, Finish(Send(), 200));
        Assert.Same(second, Finish(Send(), 200));
    }

    [Fact]
    public void A_preliminary_reply_is_followed_by_a_final_one_for_the_same_command()
    {
        Greet();
        var command = Send("RETR a");
        var started = Reply(150);
        Assert.Same(command, started.Command);
        Assert.False(started.IsFinal);
        Assert.Same(command, Reply(110).Command);
        var done = Reply(226);
        Assert.Same(command, done.Command);
        Assert.True(done.IsFinal);
    }

    [Fact]
    public void A_second_final_reply_is_unsolicited()
    {
        Greet();
        var command = Send("RETR a");
        Assert.Same(command, Reply(425).Command);
        var extra = Reply(226);
        Assert.Null(extra.Command);
        Assert.False(extra.IsFinal);
        Assert.False(extra.IsSwallowed);
    }

    [Fact]
    public void A_reply_without_a_command_is_unsolicited()
    {
        Greet();
        Assert.Null(Reply(226).Command);
        Assert.True(_queue.TryTakeNext(out _) is false && Send("NOOP").Verb == FtpVerb.Other);
    }

    [Fact]
    public void A_command_that_is_not_sent_yet_takes_no_reply()
    {
        Greet();
        _queue.Enqueue(FtpCommand.Create("PORT 127,0,0,1,4,51"));
        Assert.True(_queue.TryTakeNext(out var command));
        Assert.Null(Reply(226).Command);
        _queue.Sent(command);
        Assert.Same(command, Reply(200).Command);
    }

    [Fact]
    public void A_line_that_is_no_reply_answers_nothing()
    {
        Greet();
        var command = Send("NOOP");
        Assert.Null(_queue.Match(new FtpReply(0, Bytes.Of("???\r\n"))).Command);
        Assert.Same(command, Reply(200).Command);
    }

    [Fact]
    public void A_part_of_a_reply_belongs_to_its_command_and_does_not_settle_it()
    {
        Greet();
        var command = Send("FEAT");
        var part = _queue.Match(new FtpReply(211, Bytes.Of("211-...\r\n"), isComplete: false));
        Assert.Same(command, part.Command);
        Assert.False(part.IsFinal);
        Assert.True(Reply(211).IsFinal);
    }

    [Theory]
    [InlineData("PASV", 226, 227)]
    [InlineData("PASV", 200, 227)]
    [InlineData("EPSV", 226, 229)]
    [InlineData("EPSV 1", 250, 229)]
    public void A_late_success_is_not_taken_for_the_reply_to_PASV_or_EPSV(string text, int late, int own)
    {
        Greet();
        var command = Send(text);
        Assert.Null(Reply(late).Command);
        Assert.Same(command, Reply(own).Command);
    }

    [Theory]
    [InlineData("EPSV ALL", 200)]
    [InlineData("epsv all ", 220)]
    [InlineData("EPSV", 522)]
    [InlineData("PASV", 425)]
    [InlineData("PASV", 421)]
    public void PASV_and_EPSV_take_their_other_replies(string text, int code)
    {
        Greet();
        Assert.Same(Send(text), Reply(code).Command);
    }

    [Fact]
    public void We_answer_in_turn_without_the_server()
    {
        Greet();
        var transfer = Send("RETR a");
        _queue.Enqueue(FtpCommand.Create("AUTH TLS"));
        _queue.Enqueue(FtpCommand.Create("NOOP"));
        Assert.False(_queue.TryTakeNext(out _));
        Finish(transfer, 226);
        Assert.True(_queue.TryTakeNext(out var auth));
        Assert.Equal(FtpVerb.Auth, auth.Verb);
        Assert.False(_queue.TryTakeNext(out _));
        _queue.Complete(auth);
        Assert.Equal("NOOP\r\n", Bytes.Text(Send().Line));
    }

    [Theory]
    [InlineData("QUIT")]
    [InlineData("NOOP")]
    [InlineData("RETR b")]
    public void Commands_behind_a_transfer_wait_until_its_data_is_delivered(string next)
    {
        Greet();
        var transfer = Send("STOR a");
        Assert.Same(transfer, _queue.Transfer);
        _queue.Enqueue(FtpCommand.Create(next));
        Assert.False(_queue.TryTakeNext(out _));
        Reply(150);
        Assert.False(_queue.TryTakeNext(out _));
        Reply(226);
        Assert.Same(transfer, _queue.Transfer);
        Assert.False(_queue.TryTakeNext(out _));
        _queue.Complete(transfer);
        Assert.Null(_queue.Transfer);
        Assert.True(_queue.TryTakeNext(out _));
    }

    [Theory]
    [InlineData(211)]
    [InlineData(213)]
    public void STAT_does_not_wait_for_a_transfer_and_may_be_answered_first(int code)
    {
        Greet();
        var transfer = Send("RETR a");
        Reply(150);
        var stat = Send("STAT");
        Assert.Same(stat, Finish(stat, code));
        Assert.Same(transfer, _queue.Transfer);
        Assert.Same(transfer, Finish(transfer, 226));
    }

    [Fact]
    public void STAT_may_be_answered_after_the_transfer()
    {
        Greet();
        var transfer = Send("RETR a");
        Reply(150);
        var stat = Send("STAT");
        _queue.Enqueue(FtpCommand.Create("NOOP"));
        Assert.Same(transfer, Finish(transfer, 226));
        Assert.False(_queue.TryTakeNext(out _));
        Assert.Same(stat, Finish(stat, 211));
        Assert.True(_queue.TryTakeNext(out _));
    }

    [Fact]
    public void STAT_waits_for_a_transfer_command_that_is_not_sent_yet()
    {
        Greet();
        _queue.Enqueue(FtpCommand.Create("STOR a"));
        _queue.Enqueue(FtpCommand.Create("STAT"));
        Assert.True(_queue.TryTakeNext(out var transfer));
        Assert.False(_queue.TryTakeNext(out _));
        _queue.Sent(transfer);
        Assert.Equal(FtpVerb.Stat, Send().Verb);
    }

    [Fact]
    public void Commands_of_our_own_are_matched_and_never_relayed()
    {
        Greet();
        var upload = Send("STOR a");
        Reply(150);
        Assert.Same(upload, Reply(226).Command);

        var size = FtpCommand.Create("SIZE a");
        _queue.Inject(size);
        var answer = Reply(213);
        Assert.Same(size, answer.Command);
        Assert.True(answer.IsSwallowed);
        _queue.Complete(size);

        _queue.Enqueue(FtpCommand.Create("NOOP"));
        Assert.False(_queue.TryTakeNext(out _));
        _queue.Complete(upload);
        Assert.True(_queue.TryTakeNext(out _));
    }

    [Fact]
    public void A_421_to_a_command_of_our_own_is_for_the_client()
    {
        Greet();
        _queue.Inject(FtpCommand.Create("SIZE a"));
        Assert.False(Reply(421).IsSwallowed);
    }

    [Fact]
    public void A_421_may_come_at_any_time()
    {
        Greet();
        Assert.True(Reply(421).EndsSession);
        var transfer = Send("RETR a");
        Reply(150);
        var end = Reply(421);
        Assert.True(end.EndsSession);
        Assert.Same(transfer, end.Command);
    }

    [Fact]
    public void The_queue_is_full_at_its_bound_and_not_before()
    {
        Greet();
        for (var i = 0; i < CommandQueue.MaxQueued; i++)
        {
            Assert.False(_queue.IsFull);
            _queue.Enqueue(FtpCommand.Create($"NOOP {i}"));
        }

        Assert.True(_queue.IsFull);
        Assert.Throws<InvalidOperationException>(() => _queue.Enqueue(FtpCommand.Create("NOOP")));
        Finish(Send(), 200);
        Assert.False(_queue.IsFull);
    }

    [Fact]
    public void Commands_that_overtook_count_against_the_bound()
    {
        Greet();
        Send("RETR a");
        for (var i = 1; i < CommandQueue.MaxQueued; i++)
            Send("STAT");
        Assert.True(_queue.IsFull);
    }

    [Fact]
    public void A_command_that_the_server_has_not_answered_cannot_be_completed()
    {
        Greet();
        var command = Send("NOOP");
        Assert.Throws<InvalidOperationException>(() => _queue.Complete(command));
    }

    [Fact]
    public void Only_a_taken_command_can_be_sent_or_completed()
    {
        Greet();
        var command = FtpCommand.Create("NOOP");
        _queue.Enqueue(command);
        Assert.Throws<InvalidOperationException>(() => _queue.Sent(command));
        Assert.Throws<InvalidOperationException>(() => _queue.Complete(command));
    }

    [Fact]
    public void A_completed_password_is_wiped()
    {
        Greet();
        var pass = Send("PASS secret");
        Finish(pass, 230);
        Assert.True(pass.Line.Span.IndexOfAnyExcept((byte)0) < 0);
    }

    private void Greet()
    {
        Reply(220);
        _queue.Complete(FtpCommand.Greeting);
    }

    private FtpCommand Send(string text)
    {
        _queue.Enqueue(FtpCommand.Create(text));
        return Send();
    }

    private FtpCommand Send()
    {
        Assert.True(_queue.TryTakeNext(out var command));
        _queue.Sent(command);
        return command;
    }

    private MatchedReply Reply(int code) => _queue.Match(FtpReply.Create(code, "text"));

    private FtpCommand? Finish(FtpCommand command, int code)
    {
        var matched = Reply(code);
        _queue.Complete(command);
        return matched.Command;
    }
}
