namespace ActorTunnel.Actors.Tests.Contract;

public sealed class FailureTests : ActorTest
{
    [Fact]
    public async Task C6_children_are_suspended_until_the_supervisor_has_decided()
    {
        using var deciding = new ManualResetEventSlim();
        using var decide = new ManualResetEventSlim();
        var top = Spawn(
            self => self.Strategy = new OneForOneStrategy(_ =>
            {
                deciding.Set();
                decide.Wait(Patience);
                self.Write("decided");
                return Directive.Resume;
            }),
            "top");
        Do(top, self => self.Spawn("mid", mid => mid.OnPreStart = () => mid.Spawn("low")));
        await Journal.UntilAsync("low.PreStart");
        var (middle, low) = await MiddleAndLowAsync(top);

        middle.Tell(new InvalidOperationException());
        Assert.True(deciding.Wait(Patience));
        low.Tell("x");
        middle.Tell("y");
        decide.Set();

        var lines = new List<string>(await Journal.UntilAsync("top.decided"));
        Assert.Single(lines);
        lines.AddRange(await Journal.UntilAsync("low.x"));
        if (!lines.Contains("mid.y"))
            await Journal.UntilAsync("mid.y");
    }

    [Fact]
    public async Task C6_the_message_that_failed_is_not_handled_again()
    {
        var attempts = 0;
        var actor = Spawn(self => self.On<int>(_ =>
        {
            attempts++;
            throw new InvalidOperationException();
        }));
        actor.Tell(1);
        actor.Tell("next");
        await Journal.UntilAsync("a.next");
        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task C6_failures_are_published_as_Error()
    {
        Observe<Error>(error => $"error {error.LogSource} {error.Cause.GetType().Name} {error.Message}");
        Spawn().Tell(new InvalidOperationException("broken"));
        await Journal.UntilAsync("error akka://test/user/a InvalidOperationException broken");
    }

    [Fact]
    public async Task C7_by_default_a_failed_message_restarts_and_a_failed_start_stops()
    {
        var parent = Spawn(self => self.On<Terminated>(t => self.Write($"lost {t.ActorRef.Path.Name}")), "p");
        Do(parent, self =>
        {
            Scripted.Context.Watch(self.Spawn("good")).Tell(new InvalidOperationException());
            Scripted.Context.Watch(self.Spawn("bad", _ => throw new InvalidOperationException()));
        });
        var lines = new List<string>(await Journal.UntilAsync("p.lost bad"));
        if (!lines.Contains("good.PostRestart"))
            lines.AddRange(await Journal.UntilAsync("good.PostRestart"));
        Assert.DoesNotContain("p.lost good", lines);
    }

    [Fact]
    public async Task C7_the_stopping_strategy_stops()
    {
        var parent = Spawn(self => self.Strategy = SupervisorStrategy.StoppingStrategy, "p");
        Do(parent, self => self.Spawn("k").Tell(new InvalidOperationException()));
        await Journal.ExpectAsync("p.ctor", "p.PreStart", "k.ctor", "k.PreStart", "k.PostStop");
    }

    [Fact]
    public async Task C10_resume_keeps_state_behaviour_and_children()
    {
        var parent = Spawn(self => self.Strategy = new OneForOneStrategy(_ => Directive.Resume), "p");
        Do(parent, self =>
        {
            var child = self.Spawn("k");
            Do(child, k =>
            {
                k.Spawn("g");
                k.Become(() =>
                {
                    k.On<int>(_ => throw new InvalidOperationException());
                    k.On<string>(_ => k.Write($"changed, {Scripted.Context.GetChildren().Count()} child"));
                });
            });
            child.Tell(1);
            child.Tell("who");
        });
        var lines = await Journal.UntilAsync("k.changed, 1 child");
        Assert.Single(lines, line => line == "k.ctor");
        Assert.DoesNotContain("k.PreRestart", lines);
    }

    [Fact]
    public async Task C10_escalate_fails_the_supervisor_with_the_same_exception()
    {
        var top = Spawn(self => self.Strategy = new OneForOneStrategy(exception =>
        {
            self.Write(exception.Message);
            return Directive.Restart;
        }));
        Do(top, self => self.Spawn("mid", mid =>
        {
            mid.Strategy = new OneForOneStrategy(_ => Directive.Escalate);
            mid.OnPreRestart = (_, message) => mid.Write($"PreRestart({message?.GetType().Name})");
            mid.OnPreStart = () =>
            {
                if (Scripted.Context.Child("low").Equals(ActorRefs.Nobody))
                    mid.Spawn("low");
            };
            mid.On<int>(_ => Scripted.Context.Child("low").Tell(new InvalidOperationException("deep")));
        }));
        Do(top, _ => Scripted.Context.Child("mid").Tell(1));
        var lines = await Journal.UntilAsync("mid.PostRestart");
        Assert.Contains("a.deep", lines);
        Assert.Contains("mid.PreRestart(Failed)", lines);

        // PreRestart did not stop the child, so it is restarted after its parent.
        await Journal.UntilAsync("low.PostRestart");
    }

    private static async Task<(IActorRef Middle, IActorRef Low)> MiddleAndLowAsync(IActorRef top)
    {
        var middle = await FindAsync(top, "mid");
        return (middle, await FindAsync(middle, "low"));
    }

    private static async Task<IActorRef> FindAsync(IActorRef parent, string name)
    {
        var found = new TaskCompletionSource<IActorRef>(TaskCreationOptions.RunContinuationsAsynchronously);
        Do(parent, _ => found.SetResult(Scripted.Context.Child(name)));
        return await found.Task.WaitAsync(Patience);
    }
}
