using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions.Data;

/// <summary>
/// Lends the one listener that a session has on the SSH server to its data channels, one after the other: asking for a listener and
/// cancelling it costs a round trip each, for every file. Owned by the session; data channels call it from their own threads.
/// </summary>
/// <remarks>
/// It is given back only after a transfer that ended in order with its one connection. In every other case a connection of that transfer
/// may still be on its way, and would be taken for the next one's: then the listener is cancelled, and the next transfer has another port.
/// </remarks>
internal sealed class SessionListener(ISshTransport transport, string bindAddress, TimeProvider time) : IDisposable
{
    /// <summary>For the SSH server's answer.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new(); // guards all below
    private RemoteDataListener? _idle;
    private bool _isDisposed;

    /// <returns><see cref="Listening"/> or <see cref="ListenFailed"/>.</returns>
    public async Task<object> TakeAsync(IActorRef receiver, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            if (TakeIdle() is not { } listener)
            {
                return new Listening(
                    await RemoteDataListener.OpenAsync(transport, bindAddress, receiver, either.Token).ConfigureAwait(false));
            }

            listener.HandTo(receiver);
            return new Listening(listener);
        }
        catch (SshException refused)
        {
            return new ListenFailed(refused.Failure.ToFailure(), refused.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Should it listen after all, the SSH library cancels that.
            return new ListenFailed(
                Failure.Timeout, $"no answer within {_patience.TotalSeconds:0} s from the SSH server, which was asked to listen: use PASV.");
        }
        catch (OperationCanceledException)
        {
            return new ListenFailed(Failure.PeerClosed, "the data channel was given up before it was open");
        }
    }

    /// <summary>For the next data channel.</summary>
    public void GiveBack(RemoteDataListener listener)
    {
        listener.HandTo(null);
        lock (_gate)
        {
            if (!_isDisposed && _idle is null)
            {
                _idle = listener;
                return;
            }
        }

        listener.Cancel();
    }

    /// <summary>Cancels the listener, now or when it is given back.</summary>
    public void Dispose()
    {
        lock (_gate)
            _isDisposed = true;
        TakeIdle()?.Cancel();
    }

    private RemoteDataListener? TakeIdle()
    {
        lock (_gate)
        {
            var idle = _idle;
            _idle = null;
            return idle;
        }
    }

    internal sealed record Listening(RemoteDataListener Listener) : ICarriesResource
    {
        public void Release() => Listener.Cancel();
    }

    internal sealed record ListenFailed(Failure Failure, string Reason);
}
