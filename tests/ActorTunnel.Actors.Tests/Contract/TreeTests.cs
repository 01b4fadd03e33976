using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Actors.Tests.Contract;

/// <summary>Whatever happens in a tree, in whatever order, nothing is lost and nothing hangs.</summary>
public sealed class TreeTests
{
    [Fact]
    public void However_a_tree_fails_and_stops_each_start_has_its_end_and_the_system_terminates() =>
        Prop.ForAll<PositiveInt[]>(steps =>
        {
            var tally = new Tally();
            var system = ActorSystem.Create("tree");
            var root = system.ActorOf(Props.Create(() => new Node(tally, 0)));
            foreach (var step in steps)
            {
                // The first grows the tree and goes deep; the second is often a failure of the root itself.
                root.Tell(new Step(6 + (step.Get * 2_654_435_761L % 1_000_003 * 10)));
                root.Tell(new Step(step.Get));
            }

            // In half of the runs the root sees all steps first; in the others the end overtakes them.
            if (steps.Length % 2 == 0)
                Assert.True(root.GracefulStop(TimeSpan.FromSeconds(20)).Result);
            Assert.True(system.Terminate().Wait(TimeSpan.FromSeconds(20)));
            Assert.Equal(tally.Started, tally.Stopped);
        }).Check(Seeded.Cases);

    private sealed record Step(long Number);

    private sealed class Tally
    {
        public int Started;
        public int Stopped;
    }

    private sealed class Node : ReceiveActor
    {
        private const int MaximumDepth = 5;

        private readonly Tally _tally;
        private readonly int _depth;

        public Node(Tally tally, int depth)
        {
            _tally = tally;
            _depth = depth;
            Receive<Step>(step => Take(step.Number % 10, step.Number / 10));
            Receive<Terminated>(terminated => terminated.ActorRef.Path.Uid % 3 != 0);
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(2, 1000, cause => cause switch
        {
            ArithmeticException => Directive.Resume,
            TimeoutException => Directive.Escalate,
            InvalidOperationException => Directive.Stop,
            _ => Directive.Restart,
        });

        protected override void PreStart()
        {
            if (_depth == 3 && Self.Path.Uid % 5 == 0)
                throw new FormatException("a start that fails");
            Interlocked.Increment(ref _tally.Started);
        }

        protected override void PostStop() => Interlocked.Increment(ref _tally.Stopped);

        protected override void PreRestart(Exception reason, object? message)
        {
            // Every other level keeps its children over a restart.
            if (_depth % 2 == 0)
                PostStop();
            else
                base.PreRestart(reason, message!);
        }

        private void Take(long action, long rest)
        {
            switch (action)
            {
                case 0: throw new ArithmeticException();
                case 1: throw new TimeoutException();
                case 2: throw new InvalidOperationException();
                case 3: throw new FormatException();
                case 4: Context.Stop(Self); break;
                case 5: StopChild(); break;
                default: Grow(rest); break;
            }
        }

        private void Grow(long rest)
        {
            if (_depth >= MaximumDepth)
                return;
            var tally = _tally;
            var depth = _depth + 1;
            var child = Context.ActorOf(Props.Create(() => new Node(tally, depth)));
            if (rest % 2 == 0)
                Context.Watch(child);

            // One child, or the tree would grow beyond measure.
            Context.GetChildren().ElementAt((int)(rest % Context.GetChildren().Count())).Tell(new Step(rest));
        }

        private static void StopChild()
        {
            foreach (var child in Context.GetChildren().Take(1))
                Context.Stop(child);
        }
    }
}
