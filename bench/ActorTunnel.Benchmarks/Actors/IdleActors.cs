using ActorTunnel.Actors;

namespace ActorTunnel.Benchmarks.Actors;

/// <summary>What 100,000 idle actors hold. The goal: at most 100 MB.</summary>
internal static class IdleActors
{
    private const int Actors = 100_000;

    public static async Task<int> RunAsync()
    {
        var system = ActorSystem.Create("bench");
        var parent = system.ActorOf(Props.Create(() => new Parent()));

        // Code and pools are warm before the first look.
        await parent.Ask<int>(1_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await parent.Ask<int>(Actors);
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine($"{Actors:N0} idle actors hold {held / 1e6:F1} MB, {held / (double)Actors:F0} bytes each");
        await system.Terminate();
        return held <= 100_000_000 ? 0 : 1;
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
                    Context.ActorOf(Props.Create(() => new Idle())).Tell(1);
            });
            Receive<string>(_ =>
            {
                if (--_left == 0)
                    _asker!.Tell(0);
            });
        }
    }

    /// <summary>With a state, two handlers, and a message behind it.</summary>
    private sealed class Idle : ReceiveActor
    {
        private int _count;

        public Idle()
        {
            Receive<int>(number =>
            {
                _count += number;
                Sender.Tell("ready");
            });
            Receive<long>(_ => Sender.Tell(_count));
        }
    }
}
