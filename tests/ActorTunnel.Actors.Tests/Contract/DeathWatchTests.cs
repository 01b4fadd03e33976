namespace ActorTunnel.Actors.Tests.Contract;

public sealed class DeathWatchTests : ActorTest
{
    [Fact]
    public async Task C14_one_Terminated_however_often_watched_with_the_dead_as_sender()
    {
        var actor = Spawn();
        var watcher = Watcher();
        Do(watcher, _ =>
        {
            Scripted.Context.Watch(actor);
            Scripted.Context.Watch(actor);
        });
        Do(watcher, _ => actor.Tell(PoisonPill.Instance));
        await Journal.UntilAsync("w.terminated a, sender a");

        // Whatever else came from that death came before this.
        Do(watcher, self => self.Write("asked"));
        await Journal.ExpectAsync("w.asked");
    }

    [Fact]
    public async Task C14_watching_the_dead_gives_Terminated()
    {
        var actor = Spawn();
        Assert.True(await actor.GracefulStop(Patience));
        Do(Watcher(), _ => Assert.Equal(actor, Scripted.Context.Watch(actor)));
        await Journal.UntilAsync("w.terminated a, sender a");
    }

    [Fact]
    public async Task C14_watching_itself_does_nothing()
    {
        var actor = Spawn();
        Do(actor, self => Scripted.Context.Watch(self.Self));
        Assert.True(await actor.GracefulStop(Patience));
    }

    [Fact]
    public async Task C14_Unwatch_takes_back_even_a_queued_Terminated()
    {
        var actor = Spawn();
        var watcher = Watcher();
        using var dead = new ManualResetEventSlim();
        Do(watcher, self =>
        {
            Scripted.Context.Watch(actor);
            self.Write("watching");
            dead.Wait(Patience);
        });
        await Journal.UntilAsync("w.watching");
        Assert.True(await actor.GracefulStop(Patience));
        Do(watcher, self => Scripted.Context.Unwatch(actor));
        dead.Set();

        // Terminated is queued behind the message that unwatches, and before these two.
        await watcher.Ask<int>((Action<Scripted>)(self => self.Sender.Tell(1)), Patience);
        Do(watcher, self => self.Write("end"));
        Assert.DoesNotContain("w.terminated a, sender a", await Journal.UntilAsync("w.end"));
    }

    [Fact]
    public async Task C14_after_Unwatch_nothing_comes()
    {
        var actor = Spawn();
        var watcher = Watcher();
        Do(watcher, _ =>
        {
            Scripted.Context.Watch(actor);
            Scripted.Context.Unwatch(actor);
        });
        await watcher.Ask<int>((Action<Scripted>)(self => self.Sender.Tell(1)), Patience);
        Assert.True(await actor.GracefulStop(Patience));
        Do(watcher, self => self.Write("end"));
        Assert.DoesNotContain("w.terminated a, sender a", await Journal.UntilAsync("w.end"));
    }

    [Fact]
    public async Task C14_a_child_has_left_its_parent_when_Terminated_comes()
    {
        var parent = Spawn(self => self.On<Terminated>(_ => self.Write($"{Scripted.Context.GetChildren().Count()} left")), "p");
        Do(parent, self => Scripted.Context.Watch(self.Spawn("k")).Tell(PoisonPill.Instance));
        await Journal.UntilAsync("p.0 left");
    }

    [Fact]
    public async Task C14_an_unwatched_child_ends_silently()
    {
        var parent = Spawn(self => self.On<Terminated>(_ => self.Write("terminated")), "p");
        var watcher = Watcher();
        Do(parent, self =>
        {
            var child = Scripted.Context.Watch(self.Spawn("k"));
            Scripted.Context.Unwatch(child);
            Do(watcher, w =>
            {
                Scripted.Context.Watch(child);
                child.Tell(PoisonPill.Instance);
            });
        });
        var lines = new List<string>(await Journal.UntilAsync("w.terminated k, sender k"));
        Do(parent, self => self.Write("end"));
        lines.AddRange(await Journal.UntilAsync("p.end"));
        Assert.DoesNotContain("p.terminated", lines);
    }

    [Fact]
    public async Task C15_an_unhandled_Terminated_is_a_DeathPactException()
    {
        Observe<Error>(error => error.Cause.GetType().Name);
        var actor = Spawn();
        Do(actor, self => Scripted.Context.Watch(self.Spawn("k")).Tell(PoisonPill.Instance));
        var lines = new List<string>(await Journal.UntilAsync("a.PostStop"));
        Assert.DoesNotContain("a.PreRestart", lines);
        if (!lines.Contains("DeathPactException"))
            await Journal.UntilAsync("DeathPactException");
    }

    [Fact]
    public async Task C28_a_new_actor_of_the_same_name_is_another_one()
    {
        Observe<DeadLetter>(letter => $"dead {letter.Message}");
        var firstMade = new TaskCompletionSource<IActorRef>(TaskCreationOptions.RunContinuationsAsynchronously);
        var secondMade = new TaskCompletionSource<IActorRef>(TaskCreationOptions.RunContinuationsAsynchronously);
        var parent = Spawn(self => self.On<Terminated>(_ => secondMade.SetResult(self.Spawn("k"))), "p");
        Do(parent, self =>
        {
            var child = Scripted.Context.Watch(self.Spawn("k"));
            child.Tell(PoisonPill.Instance);
            firstMade.SetResult(child);
        });
        var first = await firstMade.Task.WaitAsync(Patience);
        var second = await secondMade.Task.WaitAsync(Patience);

        Assert.NotEqual(first, second);
        Assert.True(first.Path == second.Path);
        Assert.Equal(first.Path.GetHashCode(), second.Path.GetHashCode());
        Assert.NotEqual(first.Path.Uid, second.Path.Uid);
        first.Tell("old");
        await Journal.UntilAsync("dead old");
    }

    private IActorRef Watcher() => Spawn(
        self => self.On<Terminated>(t => self.Write($"terminated {t.ActorRef.Path.Name}, sender {self.Sender.Path.Name}")), "w");
}
