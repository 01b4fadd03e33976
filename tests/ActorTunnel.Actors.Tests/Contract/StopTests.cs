namespace ActorTunnel.Actors.Tests.Contract;

public sealed class StopTests : ActorTest
{
    [Fact]
    public async Task C12_children_stop_before_their_parent_and_watchers_hear_last()
    {
        var watcher = Spawn(self => self.On<Terminated>(t => self.Write($"terminated {t.ActorRef.Path.Name}")), "w");
        var actor = Spawn(self => self.OnPreStart = () => self.Spawn("k").Tell("m"));
        Do(watcher, _ => Scripted.Context.Watch(actor));
        await watcher.Ask<int>((Action<Scripted>)(self => self.Sender.Tell(1)), Patience);
        await Journal.UntilAsync("k.m");
        System.Stop(actor);
        var lines = await Journal.UntilAsync("w.terminated a");
        Assert.Equal(["k.PostStop", "a.PostStop", "w.terminated a"], lines.TakeLast(3));
    }

    [Fact]
    public async Task C12_the_message_in_hand_is_finished_and_the_rest_are_dead_letters()
    {
        Observe<DeadLetter>(letter => $"dead {letter.Message} for {letter.Recipient.Path.Name}");
        Do(Spawn(), self =>
        {
            Scripted.Context.Stop(self.Self);
            self.Self.Tell("m1");
            self.Self.Tell("m2");
            self.Write("finished");
        });
        await Journal.ExpectAsync("a.ctor", "a.PreStart", "a.finished", "a.PostStop", "dead m1 for a", "dead m2 for a");
    }

    [Fact]
    public async Task C12_messages_wait_no_more_once_children_are_waited_for()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Spawn(self => self.OnPreStart = () => self.Spawn("k", k => k.OnPostStop = () => gate.Wait(Patience)));
        await Journal.UntilAsync("k.PreStart");
        System.Stop(actor);
        actor.Tell("too late");
        await Journal.UntilAsync("k.PostStop");
        gate.Set();
        Assert.DoesNotContain("a.too late", await Journal.UntilAsync("a.PostStop"));
    }

    [Fact]
    public async Task C12_what_PostStop_throws_is_published_and_the_end_goes_on()
    {
        Observe<Error>(error => $"error {error.Message}");
        var actor = Spawn(self => self.OnPostStop = () => throw new InvalidOperationException("in PostStop"));
        Assert.True(await actor.GracefulStop(Patience));
        await Journal.UntilAsync("error in PostStop");
    }

    [Fact]
    public async Task C12_a_stopped_parent_does_not_hear_of_failing_children()
    {
        Observe<Error>(error => $"error {error.LogSource}");
        var actor = Spawn(self => self.OnPreStart = () => self.Spawn("k", k => k.OnPostStop = () => throw new InvalidOperationException()));
        await Journal.UntilAsync("k.PreStart");
        Assert.True(await actor.GracefulStop(Patience));
        await Journal.UntilAsync("error akka://test/user/a/k");
    }

    [Fact]
    public async Task C13_a_poison_pill_waits_for_its_turn()
    {
        var actor = Spawn(self => self.On<PoisonPill>(_ => self.Write("seen")));
        actor.Tell("m1");
        actor.Tell(PoisonPill.Instance);
        actor.Tell("m2");
        await Journal.ExpectAsync("a.ctor", "a.PreStart", "a.m1", "a.PostStop");
    }

    [Fact]
    public async Task C23_GracefulStop_is_true_when_the_actor_has_terminated()
    {
        var actor = Spawn();
        actor.Tell("m1");
        Assert.True(await actor.GracefulStop(Patience));
        await Journal.ExpectAsync("a.ctor", "a.PreStart", "a.m1", "a.PostStop");
        Assert.True(await actor.GracefulStop(Patience));
    }

    [Fact]
    public async Task C23_GracefulStop_is_false_when_time_is_up()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Spawn();
        Do(actor, _ => gate.Wait(Patience));
        Assert.False(await actor.GracefulStop(TimeSpan.FromMilliseconds(20)));
        gate.Set();
    }

    [Fact]
    public async Task C23_GracefulStop_with_a_message_of_the_actor()
    {
        var actor = Spawn(self => self.On<int>(_ => Scripted.Context.Stop(self.Self)));
        Assert.True(await actor.GracefulStop(Patience, 1));
    }

    [Fact]
    public async Task C29_Terminate_stops_the_tree_children_first()
    {
        var actor = Spawn(self => self.OnPreStart = () => self.Spawn("k"));
        await Journal.UntilAsync("k.PreStart");
        Assert.False(System.WhenTerminated.IsCompleted);
        await System.Terminate().WaitAsync(Patience);
        Assert.True(System.WhenTerminated.IsCompletedSuccessfully);
        await Journal.ExpectAsync("k.PostStop", "a.PostStop");
        Assert.Throws<InvalidOperationException>(() => Spawn(name: "b"));
        Assert.True(await actor.GracefulStop(Patience));
    }
}
