using ActorTunnel.Actors;
using BenchmarkDotNet.Attributes;

namespace ActorTunnel.Benchmarks.Actors;

/// <summary>Two actors answer each other: what one message costs from Tell to handler.</summary>
[MemoryDiagnoser]
public class PingPong
{
    private const int Messages = 1_000_000;

    private ActorSystem _system = null!;

    /// <summary>Makes the system.</summary>
    [GlobalSetup]
    public void SetUp() => _system = ActorSystem.Create("bench");

    /// <summary>Stops the system.</summary>
    [GlobalCleanup]
    public Task CleanUpAsync() => _system.Terminate();

    /// <summary>Each message is in flight alone.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public Task OneInFlightAsync() => RunAsync(1);

    /// <summary>Mailboxes never run dry, so that slices are full.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public Task ManyInFlightAsync() => RunAsync(100);

    private async Task RunAsync(int inFlight)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = new Countdown(Messages, done);
        var ping = _system.ActorOf(Props.Create(() => new Player(left)));
        var pong = _system.ActorOf(Props.Create(() => new Player(left)));
        for (var i = 0; i < inFlight; i++)
            ping.Tell(Ball.Instance, pong);
        await done.Task;
        _system.Stop(ping);
        _system.Stop(pong);
    }

    private sealed class Ball
    {
        public static readonly Ball Instance = new();
    }

    private sealed class Countdown(int count, TaskCompletionSource done)
    {
        private int _left = count;

        public bool Next()
        {
            var left = Interlocked.Decrement(ref _left);
            if (left == 0)
                done.SetResult();
            return left > 0;
        }
    }

    private sealed class Player : ReceiveActor
    {
        public Player(Countdown left) => Receive<Ball>(ball =>
        {
            if (left.Next())
                Sender.Tell(ball, Self);
        });
    }
}
