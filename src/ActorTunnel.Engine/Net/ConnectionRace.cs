using System.Net;
using System.Net.Sockets;

namespace ActorTunnel.Engine.Net;

/// <summary>Connects a new socket. When it is cancelled or fails, no socket stays.</summary>
internal delegate Task<Socket> ConnectSocket(IPEndPoint target, CancellationToken cancellationToken);

/// <summary>
/// Connects to whichever address answers first (RFC 8305, section 5): an attempt that neither succeeds nor fails for a while is joined
/// by the next one, one that fails is followed at once.
/// </summary>
internal sealed class ConnectionRace(ConnectSocket connect, TimeProvider time)
{
    /// <summary>RFC 8305, section 8: the recommended Connection Attempt Delay.</summary>
    public static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    private readonly List<Task<Socket>> _running = [];
    private readonly Dictionary<Task<Socket>, IPEndPoint> _ends = [];
    private readonly List<ConnectFailure> _failures = [];

    /// <summary>What has become of each address that was tried, as people read it; for a race that was given up.</summary>
    public IEnumerable<(IPAddress Address, string Outcome)> Tried => _ends.Values.Select(end => (
        end.Address, _failures.Find(failure => failure.Target.Equals(end))?.Cause.Message ?? "no answer"));

    /// <returns>The first socket; without one, why each attempt failed. Losers are closed, late ones as well.</returns>
    public async Task<(Socket? Winner, IReadOnlyList<ConnectFailure> Failures)> RunAsync(
        IReadOnlyList<IPEndPoint> targets, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var next = 0;
        var delay = Task.CompletedTask;
        try
        {
            while (next < targets.Count || _running.Count > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (next < targets.Count && (delay.IsCompleted || _running.Count == 0))
                {
                    var attempt = connect(targets[next], stop.Token);
                    _ends.Add(attempt, targets[next++]);
                    _running.Add(attempt);
                    delay = next < targets.Count ? Task.Delay(AttemptDelay, time, stop.Token) : Task.CompletedTask;
                }

                var waitsForDelay = next < targets.Count;
                await Task.WhenAny(waitsForDelay ? [.. _running, delay] : _running).ConfigureAwait(false);
                foreach (var ended in _running.Where(attempt => attempt.IsCompleted).ToArray())
                {
                    _running.Remove(ended);
                    if (ended.IsCompletedSuccessfully)
                        return (await ended.ConfigureAwait(false), _failures);
                    cancellationToken.ThrowIfCancellationRequested();
                    _failures.Add(new ConnectFailure(_ends[ended], Cause(ended)));
                    delay = Task.CompletedTask;
                }
            }

            return (null, _failures);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (var loser in _running)
                _ = CloseAsync(loser);
        }
    }

    private static SocketException Cause(Task attempt) =>
        attempt.Exception?.InnerException as SocketException
        ?? throw new InvalidOperationException("An attempt failed unexpectedly.", attempt.Exception);

    private static async Task CloseAsync(Task<Socket> loser)
    {
        await ((Task)loser).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (loser.IsCompletedSuccessfully)
            (await loser.ConfigureAwait(false)).Dispose();
    }
}

/// <summary>An address that could not be connected to.</summary>
internal sealed record ConnectFailure(IPEndPoint Target, SocketException Cause);
