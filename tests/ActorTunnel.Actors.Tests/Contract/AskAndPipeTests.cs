namespace ActorTunnel.Actors.Tests.Contract;

public sealed class AskAndPipeTests : ActorTest
{
    [Fact]
    public async Task C21_Ask_gets_the_answer()
    {
        var actor = Spawn(self => self.On<int>(n => self.Sender.Tell(n + 1)));
        Assert.Equal(2, await actor.Ask<int>(1));
        Assert.Equal(3, await actor.Ask<object>(2, Patience));
        Assert.Equal(4, await actor.Ask<int>(3, CancellationToken.None));
    }

    [Fact]
    public async Task C21_no_answer_in_time_is_an_AskTimeoutException()
    {
        var exception = await Assert.ThrowsAnyAsync<AkkaException>(() => Spawn().Ask<int>("m", TimeSpan.FromMilliseconds(20)));
        Assert.IsType<AskTimeoutException>(exception);
    }

    [Fact]
    public async Task C21_cancellation_cancels_the_task()
    {
        using var cancellation = new CancellationTokenSource();
        var answer = Spawn().Ask<int>("m", cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => answer);
    }

    [Fact]
    public async Task C21_the_cause_of_a_Failure_is_thrown_itself()
    {
        var cause = new InvalidOperationException();
        var actor = Spawn(self => self.On<int>(_ => self.Sender.Tell(new Status.Failure(cause))));
        Assert.Same(cause, await Assert.ThrowsAsync<InvalidOperationException>(() => actor.Ask<int>(1, Patience)));
    }

    [Fact]
    public async Task C21_an_answer_of_the_wrong_type_is_an_ArgumentException()
    {
        var actor = Spawn(self => self.On<int>(_ => self.Sender.Tell("text")));
        await Assert.ThrowsAsync<ArgumentException>(() => actor.Ask<int>(1, Patience));
    }

    [Fact]
    public async Task C21_a_second_answer_is_a_dead_letter()
    {
        Observe<DeadLetter>(letter => $"dead {letter.Message}");
        var actor = Spawn(self => self.On<int>(_ =>
        {
            self.Sender.Tell(1);
            self.Sender.Tell(2);
        }));
        Assert.Equal(1, await actor.Ask<int>(0, Patience));
        await Journal.UntilAsync("dead 2");
    }

    [Fact]
    public async Task C21_the_continuation_does_not_run_on_the_actor()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Spawn(self => self.On<int>(n => self.Sender.Tell(n)));
        await actor.Ask<int>(1, Patience);

        // Were this the actor's thread, it could not answer.
        Assert.Equal(2, await Task.Run(async () =>
        {
            await actor.Ask<int>(1, Patience).ConfigureAwait(false);
            return actor.Ask<int>(2, Patience).GetAwaiter().GetResult();
        }));
    }

    [Fact]
    public async Task C22_PipeTo_sends_the_result_from_nobody()
    {
        var actor = Spawn(self => self.On<int>(n => self.Write($"{n} {self.Sender.Equals(Scripted.Context.System.DeadLetters)}")));
        await Task.FromResult(7).PipeTo(actor);
        await Journal.UntilAsync("a.7 True");
    }

    [Fact]
    public async Task C22_PipeTo_sends_from_the_sender_and_maps()
    {
        var sender = Spawn(name: "b");
        var actor = Spawn(self => self.On<string>(text => self.Write($"{text} {self.Sender.Path.Name}")));
        await Task.FromResult(7).PipeTo(actor, sender, success: n => $"got {n}");
        await Journal.UntilAsync("a.got 7 b");
        await Task.FromException<int>(new InvalidOperationException("broken")).PipeTo(actor, sender, failure: e => e.Message);
        await Journal.UntilAsync("a.broken b");
    }

    [Fact]
    public async Task C22_PipeTo_of_a_failed_task_sends_Failure()
    {
        var actor = Spawn(self => self.On<Status.Failure>(failure => self.Write(failure.Cause.GetType().Name)));
        await Task.FromException<int>(new InvalidOperationException()).PipeTo(actor);
        await Task.FromException(new ArgumentException("x")).PipeTo(actor);
        await Task.FromCanceled<int>(new CancellationToken(true)).PipeTo(actor);
        await Journal.ExpectAsync(
            "a.ctor", "a.PreStart", "a.InvalidOperationException", "a.ArgumentException", "a.TaskCanceledException");
    }

    [Fact]
    public async Task C22_a_task_without_result_sends_only_what_success_makes()
    {
        var actor = Spawn();
        await Task.CompletedTask.PipeTo(actor);
        await Task.CompletedTask.PipeTo(actor, success: () => "done");
        await Journal.ExpectAsync("a.ctor", "a.PreStart", "a.done");
    }
}
