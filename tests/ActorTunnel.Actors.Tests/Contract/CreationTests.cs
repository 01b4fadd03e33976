namespace ActorTunnel.Actors.Tests.Contract;

public sealed class CreationTests : ActorTest
{
    [Fact]
    public void C3_an_actor_made_by_new_alone_is_refused() =>
        Assert.Throws<ActorInitializationException>(() => new Scripted(Journal, "a", _ => { }));

    [Fact]
    public async Task C4_arguments_are_evaluated_once_for_all_incarnations()
    {
        var evaluations = 0;
        int Evaluate() => ++evaluations;
        var evaluate = Evaluate;
        var actor = System.ActorOf(Props.Create(() => new Holder(evaluate())));

        Assert.Equal(1, await actor.Ask<int>("value", Patience));
        actor.Tell(new InvalidOperationException());
        Assert.Equal(1, await actor.Ask<int>("value", Patience));
        Assert.Equal(1, evaluations);
    }

    [Fact]
    public void C4_the_expression_must_be_a_constructor_call()
    {
        Func<Holder> make = () => new Holder(1);
        Assert.Throws<ArgumentException>(() => Props.Create(() => make()));
    }

    [Fact]
    public async Task C4_arguments_may_be_constants_locals_fields_casts_and_calls()
    {
        var local = new List<int> { 1, 2 };
        object number = 3;
        var actor = System.ActorOf(Props.Create(() => new Summer(local, (int)number, Math.Max(4, 2), null, TimeSpan.Zero)));
        Assert.Equal(10, await actor.Ask<int>("sum", Patience));
    }

    [Fact]
    public async Task C5_ActorOf_does_not_wait_and_PreStart_runs_before_the_first_message()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Spawn(self => self.OnPreStart = () => gate.Wait(Patience));
        actor.Tell("m1");
        gate.Set();
        await Journal.ExpectAsync("a.ctor", "a.PreStart", "a.m1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("$a")]
    [InlineData("a b")]
    [InlineData("ä")]
    public void C5_illegal_names_are_refused(string name) =>
        Assert.Throws<InvalidActorNameException>(() => Spawn(name: name));

    [Theory]
    [InlineData("a")]
    [InlineData("alice@ssh.example.com:22")]
    [InlineData("data-1_2+3")]
    public void C5_legal_names_are_kept(string name) => Assert.Equal(name, Spawn(name: name).Path.Name);

    [Fact]
    public void C5_unnamed_actors_get_names_of_their_own()
    {
        var names = Enumerable.Range(0, 200).Select(_ => System.ActorOf(Props.Create(() => new Holder(1))).Path.Name).ToList();
        Assert.Equal(200, names.Distinct().Count());
        Assert.All(names, name => Assert.StartsWith("$", name, StringComparison.Ordinal));
    }

    [Fact]
    public void C5_a_name_is_unique_among_siblings()
    {
        Spawn();
        Assert.Throws<InvalidActorNameException>(() => Spawn());
    }

    [Fact]
    public async Task C5_a_name_is_taken_until_the_child_has_terminated()
    {
        var parent = Spawn(
            self => self.On<Terminated>(_ =>
            {
                self.Spawn("k");
                self.Write("again");
            }),
            "p");
        Do(parent, self =>
        {
            var child = Scripted.Context.Watch(self.Spawn("k"));
            Scripted.Context.Stop(child);
            self.Write(Record.Exception(() => self.Spawn("k"))!.GetType().Name);
            self.Write(Scripted.Context.Child("k").Equals(child).ToString());
        });
        var lines = await Journal.UntilAsync("p.again");
        Assert.Contains("p.InvalidActorNameException", lines);
        Assert.Contains("p.True", lines);
    }

    [Fact]
    public async Task C5_ActorOf_while_terminating_is_refused()
    {
        var actor = Spawn(self => self.OnPostStop = () => self.Write(Record.Exception(() => self.Spawn("late"))!.GetType().Name));
        actor.Tell(PoisonPill.Instance);
        await Journal.UntilAsync("a.InvalidOperationException");
    }

    [Fact]
    public async Task C5_Child_of_an_unknown_name_is_Nobody()
    {
        Do(Spawn(), self => self.Write(Scripted.Context.Child("k").Equals(ActorRefs.Nobody).ToString()));
        await Journal.UntilAsync("a.True");
    }

    private sealed class Holder : ReceiveActor
    {
        public Holder(int value)
        {
            Receive<string>(_ => Sender.Tell(value));
            Receive<Exception>(exception => throw exception);
        }
    }

    private sealed class Summer : ReceiveActor
    {
        public Summer(IEnumerable<int> many, int one, long other, string? nothing, TimeSpan time) =>
            Receive<string>(_ => Sender.Tell(many.Sum() + one + (int)other + (nothing?.Length ?? 0) + (int)time.Ticks));
    }
}
