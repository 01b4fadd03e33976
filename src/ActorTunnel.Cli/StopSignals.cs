using System.Runtime.InteropServices;

namespace ActorTunnel.Cli;

/// <summary>Ctrl-C and SIGTERM: the first asks to stop, the second to stop at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _stopAtOnce = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _received;

    public StopSignals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Received);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Received);
        _stop.Token.Register(_requested.SetResult);
    }

    /// <summary>Completes with the first signal.</summary>
    public Task Requested => _requested.Task;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Cancelled by the second signal.</summary>
    public CancellationToken StopAtOnce => _stopAtOnce.Token;

    // The sources stay: a signal may be on its way to Received while this runs, and without timers they hold nothing.
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
    }

    private void Received(PosixSignalContext context)
    {
        context.Cancel = true;
        (Interlocked.Increment(ref _received) == 1 ? _stop : _stopAtOnce).Cancel();
    }
}
