using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tests.Support;

/// <summary>A connection to a remote listener that waits for the engine's answer.</summary>
internal sealed class OfferedMemoryChannel(MemoryTransport transport, int port, string originator, int originatorPort) : IOfferedChannel
{
    private readonly TaskCompletionSource<FarEnd?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The far end, or null when it was refused.</summary>
    public Task<FarEnd?> Answer => _answer.Task;

    public string Host => "127.0.0.1";

    public int Port => port;

    public string OriginatorAddress => originator;

    public int OriginatorPort => originatorPort;

    public ITunnelChannel Accept(ChannelWindow window)
    {
        if (transport.AcceptFails)
            throw new InvalidOperationException("A defect.");
        if (transport.Closed.IsCompleted)
            throw new SshException(SshFailure.ConnectionLost, "The SSH connection was lost.");
        var channel = transport.Open(window);
        if (!_answer.TrySetResult(channel.Far))
            transport.Violation("an offered channel was answered twice");
        return channel;
    }

    public void Refuse(ChannelOpenFailure reason, string description)
    {
        if (!_answer.TrySetResult(null))
            transport.Violation("an offered channel was answered twice");
    }
}
