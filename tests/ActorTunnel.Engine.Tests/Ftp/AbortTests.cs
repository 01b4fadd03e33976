using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Tests.Ftp;

/// <summary>ABOR during a transfer (RFC 959, section 4.1.3): two replies by the RFC, one from some servers.</summary>
public sealed class AbortTests
{
    private readonly CommandQueue _queue = new();

    public AbortTests()
    {
        Reply(220);
        _queue.Complete(FtpCommand.Greeting);
    }

    [Theory]
    [InlineData(426, 226)]
    [InlineData(226, 226)]
    [InlineData(226, 225)]
    [InlineData(451, 225)]
    [InlineData(426, 500)]
    public void ABOR_goes_at_once_and_is_answered_after_the_transfer(int transferReply, int abortReply)
    {
        var transfer = Start("RETR a");
        var abort = Send("ABOR");
        Assert.Same(transfer, Finish(transferReply));
        Assert.Same(abort, Finish(abortReply));
        Assert.Same(Send("NOOP"), Finish(200));
    }

    [Fact]
    public void ABOR_overtakes_commands_that_wait()
    {
        Start("RETR a");
        _queue.Enqueue(FtpCommand.Create("NOOP"));
        _queue.Enqueue(FtpCommand.Create("QUIT"));
        Assert.Equal(FtpVerb.Abor, Send("ABOR").Verb);
    }

    [Fact]
    public void ABOR_behind_a_second_transfer_command_waits_for_that_transfer()
    {
        Start("RETR a");
        _queue.Enqueue(FtpCommand.Create("RETR b"));
        _queue.Enqueue(FtpCommand.Create("ABOR"));
        Assert.False(_queue.TryTakeNext(out _));
        Finish(226);
        Assert.Equal(FtpVerb.Retr, Send().Verb);
        Assert.Equal(FtpVerb.Abor, Send().Verb);
    }

    [Fact]
    public void ABOR_without_a_transfer_takes_its_turn()
    {
        var noop = Send("NOOP");
        _queue.Enqueue(FtpCommand.Create("ABOR"));
        _queue.Enqueue(FtpCommand.Create("PWD"));
        Assert.False(_queue.TryTakeNext(out _));
        Assert.Same(noop, Finish(200));
        var abort = Send();
        Assert.False(_queue.TryTakeNext(out _));
        Assert.Same(abort, Finish(225));
        Assert.True(_queue.TryTakeNext(out _));
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
        Start("RETR a");
        Send("ABOR");
        Finish(226);
        var command = Send(next);
        Assert.Same(command, Reply(code).Command);
    }

    [Theory]
    [InlineData("NOOP", 200)]
    [InlineData("PASV", 227)]
    [InlineData("RETR b", 150)]
    [InlineData("QUIT", 221)]
    public void A_reply_to_ABOR_that_comes_after_the_next_command_was_sent_is_still_ABORs(string next, int code)
    {
        Start("RETR a");
        var abort = Send("ABOR");
        Finish(426);
        var command = Send(next);
        Assert.Same(abort, Finish(226));
        Assert.Same(command, Reply(code).Command);
    }

    [Fact]
    public void The_226_of_a_transfer_that_has_started_is_never_an_earlier_ABORs()
    {
        Start("RETR a");
        Send("ABOR");
        Finish(226);
        var second = Send("RETR b");
        Assert.Same(second, Reply(150).Command);
        Assert.Same(second, Finish(226));
    }

    [Fact]
    public void Two_ABORs_on_a_server_that_answers_once_hold_nobody_up()
    {
        Start("RETR a");
        Send("ABOR");
        Finish(226);
        Send("ABOR");
        Finish(225);
        Assert.Same(Send("NOOP"), Finish(200));
    }

    [Fact]
    public void An_ABOR_which_the_server_does_not_understand_leaves_the_transfer_running()
    {
        var transfer = Start("RETR a");
        var abort = Send("ABOR");
        Assert.Same(abort, Finish(500));
        Assert.Same(transfer, _queue.Transfer);
        Assert.Same(transfer, Finish(226));
    }

    [Fact]
    public void A_transfer_that_was_refused_is_not_taken_for_a_refused_ABOR()
    {
        var transfer = Send("RETR a");
        var abort = Send("ABOR");
        Assert.Same(transfer, Finish(503));
        Assert.Same(abort, Finish(225));
    }

    [Fact]
    public void Our_own_ABOR_for_a_broken_upload_is_swallowed()
    {
        var upload = Start("STOR a");
        var abort = FtpCommand.Create("ABOR");
        _queue.Inject(abort);
        var aborted = Reply(426);
        Assert.Same(upload, aborted.Command);
        Assert.False(aborted.IsSwallowed);
        _queue.Complete(upload);
        var answer = Reply(226);
        Assert.Same(abort, answer.Command);
        Assert.True(answer.IsSwallowed);
    }

    private FtpCommand Start(string text)
    {
        var transfer = Send(text);
        Assert.Same(transfer, Reply(150).Command);
        return transfer;
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

    private FtpCommand Finish(int code)
    {
        var matched = Reply(code);
        Assert.True(matched.IsFinal);
        _queue.Complete(matched.Command!);
        return matched.Command!;
    }
}
