using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Tests.Ftp;

/// <summary>Both ends of a <see cref="CommandQueue"/>, one step at a time.</summary>
internal sealed class QueueDriver
{
    public CommandQueue Queue { get; } = new();

    public void Greet() => Finish(220);

    /// <summary>The client says it, and it goes to the server at once.</summary>
    public FtpCommand Send(string text)
    {
        Queue.Enqueue(FtpCommand.Create(text));
        return Send();
    }

    /// <summary>The next command goes to the server.</summary>
    public FtpCommand Send()
    {
        Assert.True(Queue.TryTakeNext(out var command));
        Queue.Sent(command);
        return command;
    }

    /// <summary>A transfer whose data is flowing.</summary>
    public FtpCommand Start(string text)
    {
        var transfer = Send(text);
        Assert.Same(transfer, Reply(150).Command);
        return transfer;
    }

    public MatchedReply Reply(int code) => Queue.Match(FtpReply.Create(code, "text"));

    /// <summary>The server says something final; gives the command that it completes.</summary>
    public FtpCommand Finish(int code)
    {
        var matched = Reply(code);
        Assert.True(matched.IsFinal);
        Assert.NotNull(matched.Command);
        Queue.Complete(matched.Command);
        return matched.Command;
    }
}
