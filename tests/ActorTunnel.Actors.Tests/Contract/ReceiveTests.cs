namespace ActorTunnel.Actors.Tests.Contract;

public sealed class ReceiveTests : ActorTest
{
    [Fact]
    public async Task C16_an_unhandled_message_is_published()
    {
        Observe<UnhandledMessage>(
            unhandled => $"unhandled {unhandled.Message} {unhandled.Sender.Path.Name} {unhandled.Recipient.Path.Name}");
        Spawn().Tell(1.5, Spawn(name: "b"));
        await Journal.UntilAsync("unhandled 1.5 b a");
    }

    [Fact]
    public async Task C16_subscribers_get_what_derives_from_their_type_once()
    {
        var observer = Spawn(self => self.On<AllDeadLetters>(letter => self.Write($"{letter.Message}")), "o");
        Assert.True(System.EventStream.Subscribe(observer, typeof(AllDeadLetters)));
        System.EventStream.Subscribe(observer, typeof(UnhandledMessage));
        var actor = Spawn();
        actor.Tell(1.5);
        actor.Tell(2.5);
        var lines = await Journal.UntilAsync("o.2.5");
        Assert.Single(lines, "o.1.5");
    }

    [Fact]
    public async Task C16_after_Unsubscribe_nothing_comes()
    {
        var observer = Spawn(self => self.On<UnhandledMessage>(_ => self.Write("seen")), "o");
        System.EventStream.Subscribe(observer, typeof(UnhandledMessage));
        Assert.True(System.EventStream.Unsubscribe(observer, typeof(UnhandledMessage)));
        Assert.True(await UnhandledBySomebodyAsync());
        observer.Tell("end");
        Assert.DoesNotContain("o.seen", await Journal.UntilAsync("o.end"));
    }

    [Fact]
    public async Task C17_the_first_matching_handler_wins()
    {
        var actor = Spawn(self =>
        {
            self.On<int>(_ => self.Write("small"), number => number < 10);
            self.On<int>(_ => self.Write("number"));
            self.On<IFormattable>(_ => self.Write("formattable"));
        });
        actor.Tell(5);
        actor.Tell(50);
        actor.Tell(5.5);
        await Journal.ExpectAsync("a.ctor", "a.PreStart", "a.small", "a.number", "a.formattable");
    }

    [Fact]
    public async Task C17_a_handler_with_a_truth_value_passes_on_what_it_denies()
    {
        var actor = System.ActorOf(Props.Create(() => new Denier()));
        Assert.Equal("one", await actor.Ask<string>(1, Patience));
        Assert.Equal("other", await actor.Ask<string>(2, Patience));
    }

    [Fact]
    public async Task C17_Receive_outside_constructor_and_Become_is_refused()
    {
        Do(Spawn(), self => self.Write(Record.Exception(() => self.On<int>(_ => { }))!.GetType().Name));
        await Journal.UntilAsync("a.InvalidOperationException");
    }

    [Fact]
    public async Task C17_Receive_in_PreStart_is_refused()
    {
        Spawn(self => self.OnPreStart = () => self.Write(Record.Exception(() => self.On<int>(_ => { }))!.GetType().Name));
        await Journal.UntilAsync("a.InvalidOperationException");
    }

    [Fact]
    public async Task C17_Become_replaces_all_handlers()
    {
        Observe<UnhandledMessage>(unhandled => $"unhandled {unhandled.Message}");
        var actor = Spawn();
        Do(actor, self => self.Become(() => self.On<int>(_ => self.Write("number"))));
        actor.Tell(1);
        actor.Tell("text");
        await Journal.ExpectAsync("a.ctor", "a.PreStart", "a.number", "unhandled text");
    }

    [Fact]
    public async Task C17_Become_in_the_constructor_wins_over_its_handlers()
    {
        var actor = Spawn(self => self.Become(() => self.On<string>(_ => self.Write("became"))));
        actor.Tell("x");
        await Journal.ExpectAsync("a.ctor", "a.PreStart", "a.became");
    }

    [Fact]
    public async Task C27_a_message_to_the_dead_is_a_dead_letter()
    {
        Observe<DeadLetter>(letter => $"dead {letter.Message} {letter.Sender.Path.Name} {letter.Recipient.Path.Name}");
        var actor = Spawn();
        Assert.True(await actor.GracefulStop(Patience));
        actor.Tell("m1", Spawn(name: "b"));
        await Journal.UntilAsync("dead m1 b a");
        actor.Tell("m2", ActorRefs.NoSender);
        await Journal.UntilAsync("dead m2 deadLetters a");
    }

    [Fact]
    public async Task C27_suppressed_dead_letters_are_published_as_such()
    {
        Observe<AllDeadLetters>(letter => $"{letter.GetType().Name} {letter.Message.GetType().Name}");
        var actor = Spawn();
        Assert.True(await actor.GracefulStop(Patience));
        actor.Tell(PoisonPill.Instance);
        await Journal.UntilAsync("SuppressedDeadLetter PoisonPill");
    }

    [Fact]
    public async Task C27_an_answer_to_nobody_is_a_dead_letter()
    {
        Observe<DeadLetter>(letter => $"dead {letter.Message} {letter.Sender.Path.Name}");
        Spawn(self => self.On<int>(n => self.Sender.Tell(n + 1))).Tell(1, ActorRefs.NoSender);
        await Journal.UntilAsync("dead 2 a");
    }

    private async Task<bool> UnhandledBySomebodyAsync()
    {
        Observe<UnhandledMessage>(_ => "unhandled");
        Spawn().Tell(1.5);
        return (await Journal.UntilAsync("unhandled")).Count > 0;
    }

    private sealed class Denier : ReceiveActor
    {
        public Denier()
        {
            Receive<int>(number => TryAnswer(number));
            Receive<int>(_ => Sender.Tell("other"));
        }

        private bool TryAnswer(int number)
        {
            if (number == 1)
                Sender.Tell("one");
            return number == 1;
        }
    }
}
