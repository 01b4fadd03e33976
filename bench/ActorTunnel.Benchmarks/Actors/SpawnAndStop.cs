using ActorTunnel.Actors;
using BenchmarkDotNet.Attributes;

namespace ActorTunnel.Benchmarks.Actors;

/// <summary>Actors made under one parent and stopped again, as sessions come and go. The goal: 100,000 a second on two cores.</summary>
[MemoryDiagnoser]
public class SpawnAndStop
{
    private const int Actors = 100_000;

    private ActorSystem _system = null!;

    /// <summary>Makes the system.</summary>
    [GlobalSetup]
    public void SetUp() => _system = ActorSystem.Create("bench");

    /// <summary>Stops the system.</summary>
    [GlobalCleanup]
    public Task CleanUpAsync() => _system.Terminate();

    /// <summary>From the first ActorOf to the last Terminated.</summary>
    [Benchmark(OperationsPerInvoke = Actors)]
    public async Task SpawnWatchAndStopAsync()
    {
        var parent = _system.ActorOf(Props.Create(() => new Parent()));
        await parent.Ask<int>(Actors);
        _system.Stop(parent);
    }

    private sealed class Parent : ReceiveActor
    {
        private int _left;
        private IActorRef? _asker;

        public Parent()
        {
            Receive<int>(count =>
            {
                _asker = Sender;
                _left = count;
                for (var i = 0; i < count; i++)
                {
                    var number = i;
                    Context.Watch(Context.ActorOf(Props.Create(() => new Child(number)))).Tell(PoisonPill.Instance);
                }
            });
            Receive<Terminated>(_ =>
            {
                if (--_left == 0)
                    _asker!.Tell(0);
            });
        }
    }

    private sealed class Child : ReceiveActor
    {
        public Child(int number) => Receive<string>(_ => Sender.Tell(number));
    }
}
