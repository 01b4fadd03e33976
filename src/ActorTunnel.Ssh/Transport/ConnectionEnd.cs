namespace ActorTunnel.Ssh.Transport;

/// <summary>The first cause of a connection's end, from whichever side or loop it comes. Later causes are consequences.</summary>
internal sealed class ConnectionEnd
{
    // Asynchronous, because the cause may be found under a lock or on the receive loop.
    private readonly TaskCompletionSource<SshEnd> _cause = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<SshEnd> Cause => _cause.Task;

    public bool TryEnd(SshFailure failure, string message) => _cause.TrySetResult(new(failure, message));

    public bool TryEnd(SshException exception) =>
        _cause.TrySetResult(new(exception.Failure, exception.Message) { DisconnectReason = exception.DisconnectReason });
}
