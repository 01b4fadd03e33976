namespace ActorTunnel.Ssh.Channels;

/// <summary>A request of which only counts that it was answered.</summary>
/// <param name="onReply">Called on the receive loop, before any message that the peer sent after the reply is looked at.</param>
internal sealed class AnyReply(Action? onReply = null) : PendingRequest
{
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Answered => _answered.Task;

    public override void OnReply(bool isSuccess, ReadOnlySpan<byte> packet)
    {
        onReply?.Invoke();
        _answered.TrySetResult();
    }

    public override void Fail(SshException cause) => _answered.TrySetException(cause);
}
