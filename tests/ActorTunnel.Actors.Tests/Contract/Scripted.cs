namespace ActorTunnel.Actors.Tests.Contract;

/// <summary>
/// An actor whose behaviour a test writes down in place. It writes its lifecycle to the journal, does actions it is told, writes strings,
/// and throws exceptions it is told.
/// </summary>
public sealed class Scripted : ReceiveActor
{
    private readonly Journal _journal;
    private readonly string _name;

    public Scripted(Journal journal, string name, Action<Scripted> script)
    {
        _journal = journal;
        _name = name;
        Write("ctor");
        script(this);
        Receive<Action<Scripted>>(action => action(this));
        Receive<string>(Write);
        Receive<Exception>(exception => throw exception);
    }

    public static new IActorContext Context => ReceiveActor.Context;

    public new IActorRef Sender => base.Sender;

    public new IActorRef Self => base.Self;

    public SupervisorStrategy? Strategy { get; set; }

    public Action? OnPreStart { get; set; }

    public Action? OnPostStop { get; set; }

    public Action? OnPostRestart { get; set; }

    public Action<Exception, object?>? OnPreRestart { get; set; }

    public void On<T>(Action<T> handler) => Receive(handler);

    public void On<T>(Action<T> handler, Predicate<T> when) => Receive(handler, when);

    public new void Become(Action configure) => base.Become(configure);

    public void Write(string what) => _journal.Write($"{_name}.{what}");

    /// <summary>Makes a child that writes to the same journal.</summary>
    public IActorRef Spawn(string name, Action<Scripted>? script = null)
    {
        var journal = _journal;
        script ??= _ => { };
        return Context.ActorOf(Props.Create(() => new Scripted(journal, name, script)), name);
    }

    protected override SupervisorStrategy SupervisorStrategy() => Strategy ?? base.SupervisorStrategy();

    protected override void PreStart()
    {
        Write("PreStart");
        OnPreStart?.Invoke();
    }

    protected override void PostStop()
    {
        Write("PostStop");
        OnPostStop?.Invoke();
    }

    protected override void PreRestart(Exception reason, object? message)
    {
        Write("PreRestart");
        if (OnPreRestart is { } instead)
            instead(reason, message);
        else
            base.PreRestart(reason, message!);
    }

    protected override void PostRestart(Exception reason)
    {
        Write("PostRestart");
        OnPostRestart?.Invoke();
        base.PostRestart(reason);
    }
}
