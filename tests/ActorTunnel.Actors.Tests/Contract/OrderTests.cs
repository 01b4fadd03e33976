namespace ActorTunnel.Actors.Tests.Contract;

public sealed class OrderTests : ActorTest
{
    [Fact]
    public async Task C1_messages_of_one_sender_arrive_in_order_and_one_at_a_time()
    {
        const int Senders = 4;
        const int Each = 20_000;
        var done = new TaskCompletionSource();
        var actor = System.ActorOf(Props.Create(() => new Collector(Senders, Each, done)));

        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
                actor.Tell(new Numbered(sender, i));
        })));

        await done.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task C1_system_messages_overtake_messages()
    {
        Observe<DeadLetter>(letter => $"dead {letter.Message}");
        var actor = Spawn();
        Do(actor, self =>
        {
            self.Self.Tell("queued before the stop");
            Scripted.Context.Stop(self.Self);
        });

        await Journal.ExpectAsync("a.ctor", "a.PreStart", "a.PostStop", "dead queued before the stop");
    }

    [Fact]
    public async Task C1_an_actor_with_many_messages_lets_others_run()
    {
        var actor = Spawn(self => self.On<long>(n => self.Self.Tell(n + 1)));
        actor.Tell(1L);

        // The first never runs out of messages; the second is answered all the same.
        var other = Spawn(self => self.On<int>(n => self.Sender.Tell(n)), "b");
        Assert.Equal(7, await other.Ask<int>(7, Patience));
    }

    [Fact]
    public void C2_context_outside_an_actor_throws() => Assert.Throws<NotSupportedException>(() => Scripted.Context);

    [Fact]
    public async Task C2_after_ConfigureAwait_false_there_is_no_context()
    {
        var outcome = new TaskCompletionSource<Exception?>();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Do(Spawn(), _ =>
        {
            var looking = LookAsync();
            Assert.False(looking.IsCompleted);
            gate.SetResult();
        });
        Assert.IsType<NotSupportedException>(await outcome.Task.WaitAsync(Patience));

        async Task LookAsync()
        {
            await gate.Task.ConfigureAwait(false);
            outcome.SetResult(Record.Exception(() => Scripted.Context));
        }
    }

    [Fact]
    public async Task C2_Self_Sender_and_Parent_are_those_of_the_message_in_hand()
    {
        var actor = Spawn(self => self.On<int>(_ =>
            self.Sender.Tell($"{self.Self.Path} {Scripted.Context.Parent.Path} {Scripted.Context.System.Name}")));
        Assert.Equal("akka://test/user/a akka://test/user test", await actor.Ask<string>(1, Patience));
    }

    [Fact]
    public async Task C26_Tell_null_throws()
    {
        var actor = Spawn();
        await Journal.UntilAsync("a.PreStart");
        Assert.Throws<ArgumentNullException>(() => actor.Tell(null!));
    }

    private sealed record Numbered(int Sender, int Number);

    private sealed class Collector : ReceiveActor
    {
        private int _inside;
        private int _left;

        public Collector(int senders, int each, TaskCompletionSource done)
        {
            var next = new int[senders];
            _left = senders * each;
            Receive<Numbered>(message =>
            {
                if (Interlocked.Increment(ref _inside) != 1)
                    done.TrySetException(new InvalidOperationException("two at a time"));
                if (next[message.Sender]++ != message.Number)
                    done.TrySetException(new InvalidOperationException("out of order"));
                if (--_left == 0)
                    done.TrySetResult();
                Interlocked.Decrement(ref _inside);
            });
        }
    }
}
