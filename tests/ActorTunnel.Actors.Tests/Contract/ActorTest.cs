using System.Threading.Channels;

namespace ActorTunnel.Actors.Tests.Contract;

/// <summary>A system for each test, and a journal in which actors write what happens to them.</summary>
public abstract class ActorTest : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    protected ActorSystem System { get; } = ActorSystem.Create("test");

    protected Journal Journal { get; } = new();

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync() => await System.Terminate().WaitAsync(Patience);

    /// <summary>An actor that writes every event of a type to the journal.</summary>
    protected void Observe<T>(Func<T, string> describe)
    {
        var journal = Journal;
        System.EventStream.Subscribe(System.ActorOf(Props.Create(() => new Observer<T>(journal, describe))), typeof(T));
    }

    /// <summary>Has the actor do something on its own behalf.</summary>
    protected static void Do(IActorRef actor, Action<Scripted> action) => actor.Tell(action);

    protected IActorRef Spawn(Action<Scripted>? script = null, string name = "a")
    {
        var journal = Journal;
        script ??= _ => { };
        return System.ActorOf(Props.Create(() => new Scripted(journal, name, script)), name);
    }

    private sealed class Observer<T> : ReceiveActor
    {
        public Observer(Journal journal, Func<T, string> describe) => Receive<T>(e => journal.Write(describe(e)));
    }
}

/// <summary>Lines in the order they were written.</summary>
public sealed class Journal
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public void Write(string line) => _lines.Writer.TryWrite(line);

    /// <summary>Takes the lines up to and with <paramref name="last"/>.</summary>
    public async Task<IReadOnlyList<string>> UntilAsync(string last)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var lines = new List<string>();
        do
        {
            try
            {
                lines.Add(await _lines.Reader.ReadAsync(patience.Token));
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Waited for '{last}', saw: {string.Join(" | ", lines)}");
            }
        }
        while (lines[^1] != last);
        return lines;
    }

    public async Task ExpectAsync(params string[] lines) => Assert.Equal(lines, await UntilAsync(lines[^1]));
}
