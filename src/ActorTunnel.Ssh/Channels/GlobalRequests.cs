using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Channels;

/// <summary>
/// Global requests this side has made (RFC 4254, section 4). Replies carry no number: they come in the order of the requests, so
/// that a request keeps its place even when nobody waits for it any more.
/// </summary>
internal sealed class GlobalRequests(SendQueue output)
{
    private readonly Lock _gate = new(); // guards all below; requests are posted under it to keep their order
    private readonly Queue<PendingRequest> _pending = new();
    private SshException? _closed;

    public void Send<T>(in T message, PendingRequest pending)
        where T : IMessage
    {
        lock (_gate)
        {
            if (_closed is not null)
                throw new SshException(_closed.Failure, _closed.Message);
            output.Post(message); // first: a message that cannot be sent has no reply, and must not take the place of another
            _pending.Enqueue(pending);
        }
    }

    public void OnReply(bool isSuccess, ReadOnlySpan<byte> packet)
    {
        PendingRequest? pending;
        lock (_gate)
        {
            if (!_pending.TryPeek(out pending))
                throw new SshException(SshFailure.ProtocolError, "The peer answered a request that nobody made.");
        }

        // It stays in the queue until it has understood the reply: when it cannot, the connection ends, and it must hear of that.
        pending.OnReply(isSuccess, packet);
        lock (_gate)
            _pending.TryDequeue(out _);
    }

    /// <summary>The connection is over.</summary>
    public void Close(SshException cause)
    {
        lock (_gate)
        {
            _closed = cause;
            while (_pending.TryDequeue(out var pending))
                pending.Fail(new SshException(cause.Failure, cause.Message));
        }
    }
}

/// <summary>A request whose reply is not there yet.</summary>
internal abstract class PendingRequest
{
    /// <summary>Called on the receive loop, before any message that the peer sent after the reply is looked at.</summary>
    public abstract void OnReply(bool isSuccess, ReadOnlySpan<byte> packet);

    public abstract void Fail(SshException cause);
}
