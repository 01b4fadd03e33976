namespace ActorTunnel.Actors.Tests.Contract;

public sealed class RestartTests : ActorTest
{
    [Fact]
    public async Task C8_restart_keeps_the_ref_and_the_queued_messages()
    {
        var actor = Spawn();
        var uid = actor.Path.Uid;
        Do(actor, self =>
        {
            self.Self.Tell("m2");
            self.Self.Tell("m3");
            throw new InvalidOperationException();
        });

        await Journal.ExpectAsync(
            "a.ctor", "a.PreStart", "a.PreRestart", "a.PostStop", "a.ctor", "a.PostRestart", "a.PreStart", "a.m2", "a.m3");
        Assert.Equal(uid, actor.Path.Uid);
    }

    [Fact]
    public async Task C8_restart_stops_the_children_and_waits_for_them()
    {
        var actor = Spawn();
        Do(actor, self =>
        {
            self.Spawn("k0");
            self.Spawn("k1");
            self.Self.Tell("m2");
        });
        await Journal.UntilAsync("a.m2");
        actor.Tell(new InvalidOperationException());
        actor.Tell("m3");

        var lines = (await Journal.UntilAsync("a.m3"))
            .Where(line => line is not ("k0.ctor" or "k0.PreStart" or "k1.ctor" or "k1.PreStart"));
        Assert.Equal(
            ["a.PreRestart", "a.PostStop", "k.PostStop", "k.PostStop", "a.ctor", "a.PostRestart", "a.PreStart", "a.m3"],
            lines.Select(line => line is "k0.PostStop" or "k1.PostStop" ? "k.PostStop" : line));
    }

    [Fact]
    public async Task C8_restart_clears_the_behaviour()
    {
        var actor = Spawn();
        Do(actor, self => self.Become(() =>
        {
            self.On<string>(_ => self.Write("changed"));
            self.On<int>(_ => throw new InvalidOperationException());
        }));
        actor.Tell("x");
        await Journal.UntilAsync("a.changed");
        actor.Tell(1);
        actor.Tell("plain");
        await Journal.UntilAsync("a.plain");
    }

    [Fact]
    public async Task C8_watchers_of_a_restarted_actor_hear_nothing()
    {
        var actor = Spawn();
        var watcher = Spawn(self => self.On<Terminated>(_ => self.Write("terminated")), "w");
        Do(watcher, _ => Scripted.Context.Watch(actor));
        await watcher.Ask<int>((Action<Scripted>)(self => self.Sender.Tell(1)), Patience);
        actor.Tell(new InvalidOperationException());
        actor.Tell("after");
        var lines = await Journal.UntilAsync("a.after");
        Do(watcher, self => self.Write("asked"));
        Assert.DoesNotContain("w.terminated", lines.Concat(await Journal.UntilAsync("w.asked")));
    }

    [Fact]
    public async Task C8_PreRestart_gets_the_message_and_its_sender()
    {
        var actor = Spawn(self =>
        {
            self.OnPreRestart = (reason, message) => self.Write($"{reason.Message} {message} {self.Sender.Path.Name}");
            self.On<int>(_ => throw new InvalidOperationException("broken"));
        });
        actor.Tell(5, Spawn(name: "b"));
        await Journal.UntilAsync("a.broken 5 b");
    }

    [Fact]
    public async Task C8_what_PreRestart_throws_is_published_and_the_restart_goes_on()
    {
        Observe<Error>(error => $"error {error.Cause.GetBaseException().Message}");
        var actor = Spawn(self => self.OnPreRestart = (_, _) => throw new InvalidOperationException("in PreRestart"));
        actor.Tell(new InvalidOperationException("first"));
        actor.Tell("after");
        var lines = new List<string>(await Journal.UntilAsync("a.after"));
        if (!lines.Contains("error in PreRestart"))
            await Journal.UntilAsync("error in PreRestart");
    }

    [Fact]
    public async Task C9_at_the_limit_the_child_is_stopped_without_PreRestart()
    {
        var parent = Parent(new OneForOneStrategy(2, TimeSpan.FromHours(1), _ => Directive.Restart));
        Fail(parent, 3);
        var lines = await Journal.UntilAsync("p.terminated");
        Assert.Equal(2, lines.Count(line => line == "k.PostRestart"));
        Assert.Equal(2, lines.Count(line => line == "k.PreRestart"));
        Assert.Equal("k.PostStop", lines[^2]);
    }

    [Fact]
    public async Task C9_a_limit_of_0_never_restarts()
    {
        Fail(Parent(new OneForOneStrategy(0, -1, _ => Directive.Restart)), 1);
        Assert.DoesNotContain("k.PreRestart", await Journal.UntilAsync("p.terminated"));
    }

    [Fact]
    public async Task C9_a_window_without_a_limit_allows_one_restart()
    {
        Fail(Parent(new OneForOneStrategy(null, TimeSpan.FromHours(1), _ => Directive.Restart)), 2);
        Assert.Single(await Journal.UntilAsync("p.terminated"), line => line == "k.PostRestart");
    }

    [Fact]
    public async Task C9_without_limit_and_window_it_goes_on()
    {
        var parent = Parent(new OneForOneStrategy(-1, -1, _ => Directive.Restart));
        Fail(parent, 50);
        Do(parent, _ => Scripted.Context.Child("k").Tell("alive"));
        Assert.Equal(50, (await Journal.UntilAsync("k.alive")).Count(line => line == "k.PostRestart"));
    }

    [Fact]
    public async Task C11_after_a_failed_constructor_PostStop_is_not_called()
    {
        Observe<Error>(error => $"{error.Cause.GetType().Name}: {error.Cause.GetBaseException().Message}");
        Parent(SupervisorStrategy.DefaultStrategy, _ => throw new InvalidOperationException("in ctor"));
        var lines = new List<string>(await Journal.UntilAsync("p.terminated"));
        Assert.DoesNotContain("k.PostStop", lines);
        if (!lines.Contains("ActorInitializationException: in ctor"))
            await Journal.UntilAsync("ActorInitializationException: in ctor");
    }

    [Fact]
    public async Task C11_after_a_failed_PreStart_PostStop_is_not_called()
    {
        Parent(SupervisorStrategy.DefaultStrategy, k => k.OnPreStart = () => throw new InvalidOperationException("in PreStart"));
        Assert.DoesNotContain("k.PostStop", await Journal.UntilAsync("p.terminated"));
    }

    [Theory]
    [InlineData(Directive.Restart)]
    [InlineData(Directive.Resume)]
    public async Task C11_creation_is_tried_again_and_the_mailbox_kept(Directive directive)
    {
        var attempts = 0;
        var parent = Parent(new OneForOneStrategy(_ => directive), _ =>
        {
            if (++attempts < 3)
                throw new InvalidOperationException();
        });
        Do(parent, _ => Scripted.Context.Child("k").Tell("m1"));
        await Journal.UntilAsync("k.m1");
        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task C11_a_failure_while_restarting_stops_by_default()
    {
        Observe<Error>(error => $"error {error.Cause.GetType().Name}");
        var parent = Parent(SupervisorStrategy.DefaultStrategy, k => k.OnPostRestart = () => throw new InvalidOperationException());
        Fail(parent, 1);
        var lines = new List<string>(await Journal.UntilAsync("p.terminated"));
        Assert.Single(lines, line => line == "k.PostStop");
        if (!lines.Contains("error PostRestartException"))
            await Journal.UntilAsync("error PostRestartException");
    }

    private static void Fail(IActorRef parent, int times) => Do(parent, _ =>
    {
        for (var i = 0; i < times; i++)
            Scripted.Context.Child("k").Tell(new InvalidOperationException());
    });

    /// <summary>A parent that watches its child k.</summary>
    private IActorRef Parent(SupervisorStrategy strategy, Action<Scripted>? child = null) => Spawn(
        self =>
        {
            self.Strategy = strategy;
            self.On<Terminated>(_ => self.Write("terminated"));
            self.OnPreStart = () => Scripted.Context.Watch(self.Spawn("k", child));
        },
        "p");
}
