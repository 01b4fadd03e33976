namespace ActorTunnel.Actors.Tests.Contract;

/// <summary>Subscribers of dead letters die too, with others still talking.</summary>
public class DeadSubscriberTests
{
    [Fact]
    public async Task A_dead_letter_for_a_dead_subscriber_of_dead_letters_is_dropped()
    {
        // The subscription ends a moment after the actor, hence many rounds: before, one of them took the whole process with it.
        for (var round = 0; round < 200; round++)
        {
            var system = ActorSystem.Create("test");
            var subscriber = system.ActorOf(Props.Create(() => new Subscriber()));
            system.EventStream.Subscribe(subscriber, typeof(AllDeadLetters));
            var terminated = system.Terminate();
            while (!terminated.IsCompleted)
                subscriber.Tell("late", ActorRefs.NoSender);
            await terminated.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    private sealed class Subscriber : ReceiveActor
    {
        public Subscriber() => Receive<AllDeadLetters>(_ => { });
    }
}
