using ActorTunnel.Actors.Tests.Contract;

namespace ActorTunnel.Actors.Tests.Kernel;

public sealed class LoggingTests : ActorTest
{
    [Fact]
    public async Task A_failed_start_is_logged_with_the_message_of_what_was_thrown()
    {
        Observe<Error>(error => $"{error.LogSource}: {error.Message}");
        Spawn(_ => throw new InvalidOperationException("in ctor"));
        await Journal.UntilAsync("akka://test/user/a: in ctor");
    }

    [Fact]
    public async Task A_resumed_failure_is_a_Warning()
    {
        Observe<Warning>(warning => $"{warning.LogSource}: {warning.Message}");
        var parent = Spawn(self => self.Strategy = new OneForOneStrategy(_ => Directive.Resume));
        Do(parent, self => self.Spawn("k").Tell(new InvalidOperationException("broken")));
        await Journal.UntilAsync("akka://test/user/a/k: broken");
    }

    [Fact]
    public async Task A_dead_letter_does_not_show_what_is_in_the_message()
    {
        Observe<DeadLetter>(letter => $"{letter}");
        var actor = Spawn();
        Assert.True(await actor.GracefulStop(Patience));
        actor.Tell("password");
        await Journal.UntilAsync($"DeadLetter from {System.DeadLetters} to {actor}: String");
    }
}
