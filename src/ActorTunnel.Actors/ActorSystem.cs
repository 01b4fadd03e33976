using System.Diagnostics.CodeAnalysis;
using ActorTunnel.Actors.Dispatch;

namespace ActorTunnel.Actors;

/// <summary>A tree of actors. Those made here stand under <c>/user</c>, which supervises them by the default strategy.</summary>
public sealed class ActorSystem : IActorRefFactory
{
    private readonly ActorPath _temporary;
    private readonly LocalActorRef _user;
    private readonly RootRef _root;
    private long _lastUid;
    private long _lastTemporary;

    private ActorSystem(string name)
    {
        Name = name;
        var root = new ActorPath(null, $"akka://{name}", 0);
        _temporary = new ActorPath(root, "temp", 0);
        EventStream = new EventStream(new ActorPath(root, "eventStreamUnsubscriber", 0));
        DeadLetters = new DeadLetterRef(this, new ActorPath(root, "deadLetters", 0));
        _root = new RootRef(root);
        _user = new LocalActorRef(this, Props.Create(() => new Guardian()), _root, "user");
        _user.Cell.NeedChildren();
        _user.Send(new Create());
    }

    /// <summary>The name, the first part of all paths.</summary>
    public string Name { get; }

    /// <summary>Dead letters, unhandled messages and failures are published here.</summary>
    public EventStream EventStream { get; }

    /// <summary>Where messages go that have no receiver.</summary>
    public IActorRef DeadLetters { get; }

    /// <summary>Ends when all actors have terminated.</summary>
    public Task WhenTerminated => _root.UserTerminated;

    /// <summary>Makes a system.</summary>
    /// <param name="name">ASCII letters, digits, hyphens and underscores, beginning with a letter or digit.</param>
    /// <exception cref="ArgumentException">The name is not like that.</exception>
    public static ActorSystem Create(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!char.IsAsciiLetterOrDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new ArgumentException(
                $"Invalid system name [{name}]: use ASCII letters, digits, - and _, a letter or digit first.", nameof(name));
        }

        return new ActorSystem(name);
    }

    /// <inheritdoc/>
    public IActorRef ActorOf(Props props, string? name = null) => _user.Cell.ActorOf(props, name);

    /// <summary>Stops an actor anywhere in the tree, as <see cref="IActorContext.Stop"/> does.</summary>
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "An instance member in Akka.NET.")]
    public void Stop(IActorRef actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ((ActorRefBase)actor).Send(new Terminate());
    }

    /// <summary>Stops all actors, children first.</summary>
    /// <returns><see cref="WhenTerminated"/>.</returns>
    public Task Terminate()
    {
        _user.Send(new Terminate());
        return WhenTerminated;
    }

    internal long NextUid() => Interlocked.Increment(ref _lastUid);

    /// <summary>A path for what is no actor but can be answered.</summary>
    internal ActorPath NextTemporaryPath() => new(_temporary, $"${Interlocked.Increment(ref _lastTemporary)}", 0);

    internal void PublishDeadLetter(object message, IActorRef? sender, IActorRef recipient)
    {
        // For a subscriber that has just terminated. To publish it again would find the same subscriber, without end.
        if (message is AllDeadLetters)
            return;
        sender ??= DeadLetters;
        EventStream.Publish(message is IDeadLetterSuppression suppressed
            ? new SuppressedDeadLetter(suppressed, sender, recipient)
            : new DeadLetter(message, sender, recipient));
    }

    /// <summary>The parent of <c>/user</c>.</summary>
    private sealed class RootRef(ActorPath path) : ActorRefBase
    {
        private readonly TaskCompletionSource _userTerminated = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override ActorPath Path { get; } = path;

        public Task UserTerminated => _userTerminated.Task;

        internal override void Send(SystemMessage message)
        {
            if (message is DeathWatchNotification)
                _userTerminated.TrySetResult();
            else if (message is Failed failed)
                failed.Child.Send(new Terminate());
        }

        private protected override void Deliver(object message, IActorRef? sender)
        {
        }
    }

    /// <summary>The actor <c>/user</c>.</summary>
    private sealed class Guardian : ActorBase
    {
        internal override bool Handle(object message) => false;

        protected override void Unhandled(object message) =>
            Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self));
    }
}
