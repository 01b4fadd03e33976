using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Tests.Ftp;

/// <summary>What waits for a transfer in progress, and what does not (RFC 959, section 4.1.3).</summary>
public sealed class TransferOrderTests
{
    private readonly QueueDriver _driver = new();

    public TransferOrderTests() => _driver.Greet();

    private CommandQueue Queue => _driver.Queue;

    [Theory]
    [InlineData("QUIT")]
    [InlineData("NOOP")]
    [InlineData("RETR b")]
    public void Commands_behind_a_transfer_wait_until_its_data_is_delivered(string next)
    {
        var transfer = _driver.Send("STOR a");
        Assert.Same(transfer, Queue.Transfer);
        Queue.Enqueue(FtpCommand.Create(next));
        Assert.False(Queue.TryTakeNext(out _));
        _driver.Reply(150);
        Assert.False(Queue.TryTakeNext(out _));
        _driver.Reply(226);
        Assert.Same(transfer, Queue.Transfer);
        Assert.False(Queue.TryTakeNext(out _));
        Queue.Complete(transfer);
        Assert.Null(Queue.Transfer);
        Assert.True(Queue.TryTakeNext(out _));
    }

    [Theory]
    [InlineData(211)]
    [InlineData(213)]
    public void B18_STAT_does_not_wait_for_a_transfer_and_may_be_answered_first(int code)
    {
        var transfer = _driver.Send("RETR a");
        _driver.Reply(150);
        var stat = _driver.Send("STAT");
        Assert.Same(stat, _driver.Finish(code));
        Assert.Same(transfer, Queue.Transfer);
        Assert.Same(transfer, _driver.Finish(226));
    }

    [Fact]
    public void B18_STAT_may_be_answered_after_the_transfer()
    {
        var transfer = _driver.Send("RETR a");
        _driver.Reply(150);
        var stat = _driver.Send("STAT");
        Queue.Enqueue(FtpCommand.Create("NOOP"));
        Assert.Same(transfer, _driver.Finish(226));
        Assert.False(Queue.TryTakeNext(out _));
        Assert.Same(stat, _driver.Finish(211));
        Assert.True(Queue.TryTakeNext(out _));
    }

    [Fact]
    public void B18_STAT_waits_for_a_transfer_command_that_is_not_sent_yet()
    {
        Queue.Enqueue(FtpCommand.Create("STOR a"));
        Queue.Enqueue(FtpCommand.Create("STAT"));
        Assert.True(Queue.TryTakeNext(out var transfer));
        Assert.False(Queue.TryTakeNext(out _));
        Queue.Sent(transfer);
        Assert.Equal(FtpVerb.Stat, _driver.Send().Verb);
    }

    [Fact]
    public void Commands_of_our_own_are_matched_and_never_relayed()
    {
        var upload = _driver.Send("STOR a");
        _driver.Reply(150);
        Assert.Same(upload, _driver.Reply(226).Command);

        var size = FtpCommand.Create("SIZE a");
        Queue.Inject(size);
        var answer = _driver.Reply(213);
        Assert.Same(size, answer.Command);
        Assert.True(answer.IsSwallowed);
        Queue.Complete(size);

        Queue.Enqueue(FtpCommand.Create("NOOP"));
        Assert.False(Queue.TryTakeNext(out _));
        Queue.Complete(upload);
        Assert.True(Queue.TryTakeNext(out _));
    }
}
