using System.Runtime.CompilerServices;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Channels;

/// <summary>How many bytes the peer lets us send (RFC 4254, section 5.2). One sender waits for it at a time.</summary>
internal sealed class SendWindow
{
    private readonly Lock _gate = new(); // guards all below
    private readonly Waiter<uint> _sender = new();
    private uint _bytes;
    private SshException? _closed;

    /// <summary>Completes with the window when it is open.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<uint> WaitAsync(CancellationToken cancellationToken)
    {
        ValueTask<uint> opened;
        lock (_gate)
        {
            if (_closed is not null)
                throw Copy(_closed);
            if (_bytes > 0)
                return _bytes;
            opened = _sender.Arm();
        }

        using (cancellationToken.UnsafeRegister(
            static (state, token) => ((Waiter<uint>)state!).TryFail(new OperationCanceledException(token)), _sender))
        {
            return await opened.ConfigureAwait(false);
        }
    }

    public void Take(int bytes)
    {
        lock (_gate)
            _bytes = checked(_bytes - (uint)bytes);
    }

    /// <exception cref="SshException">RFC 4254, section 5.2: the window would pass 2^32 - 1 bytes.</exception>
    public void Add(uint bytes)
    {
        lock (_gate)
        {
            if (bytes > uint.MaxValue - _bytes)
                throw new SshException(SshFailure.ProtocolError, "The peer made a channel's window larger than 2^32 - 1 bytes.");
            _bytes += bytes;
            if (_bytes > 0)
                _sender.TryComplete(_bytes);
        }
    }

    /// <summary>No byte will be sent any more.</summary>
    public void Close(SshException cause)
    {
        lock (_gate)
        {
            _closed ??= cause;
            _sender.TryFail(Copy(_closed));
        }
    }

    /// <summary>An exception that is thrown more than once would collect stack traces.</summary>
    private static SshException Copy(SshException cause) => new(cause.Failure, cause.Message);
}
