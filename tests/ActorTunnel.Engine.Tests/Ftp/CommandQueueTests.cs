using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Tests.Ftp;

/// <summary>
/// The rules of <see cref="CommandQueue"/>, one by one, but for those in <see cref="TransferOrderTests"/> and <see cref="AbortTests"/>.
/// </summary>
public sealed class CommandQueueTests
{
    private readonly QueueDriver _driver = new();

    private CommandQueue Queue => _driver.Queue;

    [Fact]
    public void Commands_wait_for_the_greeting()
    {
        Queue.Enqueue(FtpCommand.Create("USER me"));
        Assert.False(Queue.TryTakeNext(out _));

        Assert.False(_driver.Reply(120).IsFinal);
        Assert.False(Queue.TryTakeNext(out _));

        var greeting = _driver.Reply(220);
        Assert.Same(FtpCommand.Greeting, greeting.Command);
        Assert.True(greeting.IsFinal);
        Assert.False(Queue.TryTakeNext(out _));

        Queue.Complete(FtpCommand.Greeting);
        Assert.True(Queue.TryTakeNext(out _));
    }

    [Fact]
    public void B4_a_421_instead_of_a_greeting_ends_the_session()
    {
        var refusal = _driver.Reply(421);
        Assert.True(refusal.EndsSession);
        Assert.False(refusal.IsSwallowed);
    }

    [Fact]
    public void B5_one_command_at_a_time_is_with_the_server()
    {
        _driver.Greet();
        Queue.Enqueue(FtpCommand.Create("NOOP 1"));
        Queue.Enqueue(FtpCommand.Create("NOOP 2"));
        var first = _driver.Send();
        Assert.False(Queue.TryTakeNext(out _));
        Assert.Same(first, _driver.Reply(200).Command);
        Assert.False(Queue.TryTakeNext(out _));
        Queue.Complete(first);
        Assert.Equal("NOOP 2\r\n", Bytes.Text(_driver.Send().Line));
    }

    [Fact]
    public void The_same_line_twice_is_two_commands()
    {
        _driver.Greet();
        var first = FtpCommand.Create("NOOP");
        var second = FtpCommand.Create("NOOP");
        Queue.Enqueue(first);
        Queue.Enqueue(second);
        Assert.Same(first, _driver.Send());
        _driver.Finish(200);
        Assert.Same(second, _driver.Send());
        _driver.Finish(200);
    }

    [Fact]
    public void B3_a_preliminary_reply_is_followed_by_a_final_one_for_the_same_command()
    {
        _driver.Greet();
        var command = _driver.Send("RETR a");
        var started = _driver.Reply(150);
        Assert.Same(command, started.Command);
        Assert.False(started.IsFinal);
        Assert.Same(command, _driver.Reply(110).Command);
        var done = _driver.Reply(226);
        Assert.Same(command, done.Command);
        Assert.True(done.IsFinal);
    }

    [Fact]
    public void B3_a_second_final_reply_is_unsolicited()
    {
        _driver.Greet();
        var command = _driver.Send("RETR a");
        Assert.Same(command, _driver.Reply(425).Command);
        var extra = _driver.Reply(226);
        Assert.Null(extra.Command);
        Assert.False(extra.IsFinal);
        Assert.False(extra.IsSwallowed);
    }

    [Fact]
    public void B3_a_reply_without_a_command_is_unsolicited()
    {
        _driver.Greet();
        Assert.Null(_driver.Reply(226).Command);
        Assert.False(Queue.TryTakeNext(out _));
    }

    [Fact]
    public void A_command_that_is_not_sent_yet_takes_no_reply()
    {
        _driver.Greet();
        Queue.Enqueue(FtpCommand.Create("PORT 127,0,0,1,4,51"));
        Assert.True(Queue.TryTakeNext(out var command));
        Assert.Null(_driver.Reply(226).Command);
        Queue.Sent(command);
        Assert.Same(command, _driver.Reply(200).Command);
    }

    [Fact]
    public void A_line_that_is_no_reply_answers_nothing()
    {
        _driver.Greet();
        var command = _driver.Send("NOOP");
        Assert.Null(Queue.Match(new FtpReply(0, Bytes.Of("???\r\n"))).Command);
        Assert.Same(command, _driver.Reply(200).Command);
    }

    [Fact]
    public void A_part_of_a_reply_belongs_to_its_command_and_does_not_settle_it()
    {
        _driver.Greet();
        var command = _driver.Send("FEAT");
        var part = Queue.Match(new FtpReply(211, Bytes.Of("211-...\r\n"), isComplete: false));
        Assert.Same(command, part.Command);
        Assert.False(part.IsFinal);
        Assert.True(_driver.Reply(211).IsFinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void B8_the_rest_of_a_reply_in_parts_answers_nobody_else(bool isAsked)
    {
        _driver.Greet();
        var asked = isAsked ? _driver.Send("STAT") : null;
        Assert.Same(asked, Queue.Match(new FtpReply(211, Bytes.Of("211-...\r\n"), isComplete: false)).Command);
        var next = asked is null ? _driver.Send("NOOP") : null;
        Assert.Same(asked, Queue.Match(new FtpReply(211, Bytes.Of("...\r\n"), isComplete: false, continues: true)).Command);
        Assert.Same(asked, Queue.Match(new FtpReply(211, Bytes.Of("211 end\r\n"), continues: true)).Command);
        if (next is not null)
            Assert.Same(next, _driver.Reply(200).Command);
    }

    [Theory]
    [InlineData("PASV", 226, 227)]
    [InlineData("PASV", 200, 227)]
    [InlineData("EPSV", 226, 229)]
    [InlineData("EPSV 1", 250, 229)]
    public void A_late_success_is_not_taken_for_the_reply_to_PASV_or_EPSV(string text, int late, int own)
    {
        _driver.Greet();
        var command = _driver.Send(text);
        Assert.Null(_driver.Reply(late).Command);
        Assert.Same(command, _driver.Reply(own).Command);
    }

    [Theory]
    [InlineData("EPSV ALL", 200)]
    [InlineData("epsv all ", 220)]
    [InlineData("EPSV", 522)]
    [InlineData("PASV", 425)]
    [InlineData("PASV", 421)]
    public void PASV_and_EPSV_take_their_other_replies(string text, int code)
    {
        _driver.Greet();
        Assert.Same(_driver.Send(text), _driver.Reply(code).Command);
    }

    [Fact]
    public void We_answer_in_turn_without_the_server()
    {
        _driver.Greet();
        var transfer = _driver.Send("RETR a");
        Queue.Enqueue(FtpCommand.Create("AUTH TLS"));
        Queue.Enqueue(FtpCommand.Create("NOOP"));
        Assert.False(Queue.TryTakeNext(out _));
        _driver.Finish(226);
        Assert.True(Queue.TryTakeNext(out var auth));
        Assert.Equal(FtpVerb.Auth, auth.Verb);
        Assert.False(Queue.TryTakeNext(out _));
        Queue.Complete(auth);
        Assert.Equal("NOOP\r\n", Bytes.Text(_driver.Send().Line));
    }

    [Fact]
    public void B4_a_421_to_a_command_of_our_own_is_for_the_client()
    {
        _driver.Greet();
        Queue.Inject(FtpCommand.Create("SIZE a"));
        Assert.False(_driver.Reply(421).IsSwallowed);
    }

    [Fact]
    public void B4_a_421_may_come_at_any_time()
    {
        _driver.Greet();
        Assert.True(_driver.Reply(421).EndsSession);
        var transfer = _driver.Send("RETR a");
        _driver.Reply(150);
        var end = _driver.Reply(421);
        Assert.True(end.EndsSession);
        Assert.Same(transfer, end.Command);
    }

    [Fact]
    public void The_queue_is_full_at_its_bound_and_not_before()
    {
        _driver.Greet();
        for (var i = 0; i < CommandQueue.MaxQueued; i++)
        {
            Assert.False(Queue.IsFull);
            Queue.Enqueue(FtpCommand.Create($"NOOP {i}"));
        }

        Assert.True(Queue.IsFull);
        Assert.Throws<InvalidOperationException>(() => Queue.Enqueue(FtpCommand.Create("NOOP")));
        _driver.Send();
        _driver.Finish(200);
        Assert.False(Queue.IsFull);
    }

    [Fact]
    public void Commands_that_overtook_count_against_the_bound()
    {
        _driver.Greet();
        _driver.Send("RETR a");
        for (var i = 1; i < CommandQueue.MaxQueued; i++)
            _driver.Send("STAT");
        Assert.True(Queue.IsFull);
    }

    [Fact]
    public void A_command_that_the_server_has_not_answered_cannot_be_completed()
    {
        _driver.Greet();
        var command = _driver.Send("NOOP");
        Assert.Throws<InvalidOperationException>(() => Queue.Complete(command));
    }

    [Fact]
    public void Only_a_taken_command_can_be_sent_or_completed()
    {
        _driver.Greet();
        var command = FtpCommand.Create("NOOP");
        Queue.Enqueue(command);
        Assert.Throws<InvalidOperationException>(() => Queue.Sent(command));
        Assert.Throws<InvalidOperationException>(() => Queue.Complete(command));
    }

    [Fact]
    public void A_completed_password_is_wiped()
    {
        _driver.Greet();
        var pass = _driver.Send("PASS secret");
        _driver.Finish(230);
        Assert.True(pass.Line.Span.IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void Passwords_of_an_abandoned_session_are_wiped()
    {
        _driver.Greet();
        var taken = _driver.Send("PASS secret");
        var waiting = FtpCommand.Create("ACCT secret");
        Queue.Enqueue(waiting);
        Queue.Abandon();
        Assert.True(taken.Line.Span.IndexOfAnyExcept((byte)0) < 0);
        Assert.True(waiting.Line.Span.IndexOfAnyExcept((byte)0) < 0);
    }
}
