namespace ActorTunnel.Ssh.Channels;

/// <summary>A request of which only counts that it was answered.</summary>
internal sealed class AnyReply : PendingRequest
{
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Answered => _answered.Task;

    public override void OnReply(bool isSuccess, ReadOnlySpan<byte> packet) => _answered.TrySetResult();

    public override void Fail(SshException cause) => _answered.TrySetException(cause);
}
