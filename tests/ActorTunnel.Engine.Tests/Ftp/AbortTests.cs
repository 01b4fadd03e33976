using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Tests.Ftp;

/// <summary>ABOR during a transfer (RFC 959, section 4.1.3): two replies by the RFC, one from some servers.</summary>
public sealed class AbortTests
{
    private readonly QueueDriver _driver = new();

    public AbortTests() => _driver.Greet();

    private CommandQueue Queue => _driver.Queue;

    [Theory]
    [InlineData(426, 226)]
    [InlineData(226, 226)]
    [InlineData(226, 225)]
    [InlineData(451, 225)]
    [InlineData(426, 500)]
    public void ABOR_goes_at_once_and_is_answered_after_the_transfer(int transferReply, int abortReply)
    {
        var transfer = _driver.Start("RETR a");
        var abort = _driver.Send("ABOR");
        Assert.Same(transfer, _driver.Finish(transferReply));
        Assert.Same(abort, _driver.Finish(abortReply));
        Assert.Same(_driver.Send("NOOP"), _driver.Finish(200));
    }

    [Fact]
    public void ABOR_overtakes_commands_that_wait()
    {
        _driver.Start("RETR a");
        Queue.Enqueue(FtpCommand.Create("NOOP"));
        Queue.Enqueue(FtpCommand.Create("QUIT"));
        Assert.Equal(FtpVerb.Abor, _driver.Send("ABOR").Verb);
    }

    [Fact]
    public void ABOR_behind_a_second_transfer_command_waits_for_that_transfer()
    {
        _driver.Start("RETR a");
        Queue.Enqueue(FtpCommand.Create("RETR b"));
        Queue.Enqueue(FtpCommand.Create("ABOR"));
        Assert.False(Queue.TryTakeNext(out _));
        _driver.Finish(226);
        Assert.Equal(FtpVerb.Retr, _driver.Send().Verb);
        Assert.Equal(FtpVerb.Abor, _driver.Send().Verb);
    }

    [Fact]
    public void ABOR_without_a_transfer_takes_its_turn()
    {
        var noop = _driver.Send("NOOP");
        Queue.Enqueue(FtpCommand.Create("ABOR"));
        Queue.Enqueue(FtpCommand.Create("PWD"));
        Assert.False(Queue.TryTakeNext(out _));
        Assert.Same(noop, _driver.Finish(200));
        var abort = _driver.Send();
        Assert.False(Queue.TryTakeNext(out _));
        Assert.Same(abort, _driver.Finish(225));
        Assert.True(Queue.TryTakeNext(out _));
    }

    [Theory]
    [InlineData("NOOP", 200)]
    [InlineData("PASV", 227)]
    [InlineData("EPSV", 229)]
    [InlineData("PWD", 257)]
    [InlineData("RETR b", 550)]
    [InlineData("RETR b", 150)]
    [InlineData("STAT", 211)]
    [InlineData("SITE x", 500)]
    public void A_server_that_answers_once_holds_nobody_up_and_mispairs_nothing(string next, int code)
    {
        _driver.Start("RETR a");
        _driver.Send("ABOR");
        _driver.Finish(226);
        var command = _driver.Send(next);
        Assert.Same(command, _driver.Reply(code).Command);
    }

    [Theory]
    [InlineData("NOOP", 200)]
    [InlineData("PASV", 227)]
    [InlineData("RETR b", 150)]
    [InlineData("QUIT", 221)]
    public void A_reply_to_ABOR_that_comes_after_the_next_command_was_sent_is_still_ABORs(string next, int code)
    {
        _driver.Start("RETR a");
        var abort = _driver.Send("ABOR");
        _driver.Finish(426);
        var command = _driver.Send(next);
        Assert.Same(abort, _driver.Finish(226));
        Assert.Same(command, _driver.Reply(code).Command);
    }

    [Fact]
    public void The_226_of_a_transfer_that_has_started_is_never_an_earlier_ABORs()
    {
        _driver.Start("RETR a");
        _driver.Send("ABOR");
        _driver.Finish(226);
        var second = _driver.Send("RETR b");
        Assert.Same(second, _driver.Reply(150).Command);
        Assert.Same(second, _driver.Finish(226));
    }

    [Fact]
    public void Two_ABORs_on_a_server_that_answers_once_hold_nobody_up()
    {
        _driver.Start("RETR a");
        _driver.Send("ABOR");
        _driver.Finish(226);
        _driver.Send("ABOR");
        _driver.Finish(225);
        Assert.Same(_driver.Send("NOOP"), _driver.Finish(200));
    }

    [Fact]
    public void An_ABOR_which_the_server_does_not_understand_leaves_the_transfer_running()
    {
        var transfer = _driver.Start("RETR a");
        var abort = _driver.Send("ABOR");
        Assert.Same(abort, _driver.Finish(500));
        Assert.Same(transfer, Queue.Transfer);
        Assert.Same(transfer, _driver.Finish(226));
    }

    [Fact]
    public void A_transfer_that_was_refused_is_not_taken_for_a_refused_ABOR()
    {
        var transfer = _driver.Send("RETR a");
        var abort = _driver.Send("ABOR");
        Assert.Same(transfer, _driver.Finish(503));
        Assert.Same(abort, _driver.Finish(225));
    }

    [Fact]
    public void ABOR_may_be_answered_before_an_earlier_STAT()
    {
        var transfer = _driver.Start("RETR a");
        var stat = _driver.Send("STAT");
        var abort = _driver.Send("ABOR");
        Assert.Same(transfer, _driver.Finish(426));
        Assert.Same(abort, _driver.Finish(226));
        Assert.Same(stat, _driver.Finish(211));
    }

    [Fact]
    public void Our_own_ABOR_for_a_broken_upload_is_swallowed()
    {
        var upload = _driver.Start("STOR a");
        var abort = FtpCommand.Create("ABOR");
        Queue.Inject(abort);
        var aborted = _driver.Reply(426);
        Assert.Same(upload, aborted.Command);
        Assert.False(aborted.IsSwallowed);
        Queue.Complete(upload);
        var answer = _driver.Reply(226);
        Assert.Same(abort, answer.Command);
        Assert.True(answer.IsSwallowed);
    }

    [Theory]
    [InlineData]
    [InlineData(225)]
    [InlineData(226)]
    [InlineData(426)]
    [InlineData(500)]
    [InlineData(226, 225)]
    public void B10_behind_a_NOOP_of_ours_nothing_is_about_ABOR(params int[] answers)
    {
        var upload = _driver.Start("STOR a");
        var abort = _driver.Send("ABOR");
        Assert.False(Queue.OwesAbortReply);
        Assert.Same(upload, _driver.Reply(426).Command);
        Assert.True(Queue.OwesAbortReply);
        Assert.False(Queue.OwesOwnAbortReply);
        var separation = FtpCommand.Create("NOOP");
        Queue.Inject(separation);

        for (var i = 0; i < answers.Length; i++)
            Assert.Same(i == 0 ? abort : null, _driver.Reply(answers[i]).Command);
        Assert.Same(separation, _driver.Reply(200).Command);

        Queue.Complete(separation);
        Assert.False(Queue.OwesAbortReply);
        var dele = FtpCommand.Create("DELE a");
        Queue.Inject(dele);
        Assert.Same(dele, _driver.Reply(500).Command);
    }

    [Fact]
    public void B10_a_server_without_NOOP_does_not_stop_the_session_when_it_has_answered_ABOR()
    {
        _driver.Start("STOR a");
        var abort = _driver.Send("ABOR");
        _driver.Reply(426);
        var separation = FtpCommand.Create("NOOP");
        Queue.Inject(separation);
        Assert.Same(abort, _driver.Reply(226).Command);
        Assert.Same(separation, _driver.Reply(502).Command);
    }
}
