using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using ActorTunnel.Actors.Dispatch;

namespace ActorTunnel.Actors;

/// <summary>Hands events to those who subscribed to their type, a base type or an interface of it.</summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "The name is Akka.NET's.")]
public sealed class EventStream
{
    private readonly Unsubscriber _unsubscriber;

    // Replaced as a whole, so that publishing takes no lock.
    private ImmutableDictionary<IActorRef, ImmutableHashSet<Type>> _subscriptions =
        ImmutableDictionary<IActorRef, ImmutableHashSet<Type>>.Empty;

    internal EventStream(ActorPath unsubscriberPath) => _unsubscriber = new Unsubscriber(this, unsubscriberPath);

    /// <summary>Subscribes an actor until it terminates; false when it was subscribed already.</summary>
    public bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(channel);
        var added = Change(subscriber, channels => channels.Add(channel));
        if (added && subscriber is ActorRefBase actor)
            actor.Send(new Watch(actor, _unsubscriber));
        return added;
    }

    /// <summary>Takes one subscription back; false when there is none.</summary>
    public bool Unsubscribe(IActorRef subscriber, Type channel) => Change(subscriber, channels => channels.Remove(channel));

    /// <summary>Takes all subscriptions of an actor back; false when there are none.</summary>
    public bool Unsubscribe(IActorRef subscriber) => Change(subscriber, channels => channels.Clear());

    /// <summary>Tells the event to every subscriber once.</summary>
    public void Publish(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        foreach (var (subscriber, channels) in Volatile.Read(ref _subscriptions))
        {
            if (channels.Any(channel => channel.IsInstanceOfType(@event)))
                subscriber.Tell(@event);
        }
    }

    private bool Change(IActorRef subscriber, Func<ImmutableHashSet<Type>, ImmutableHashSet<Type>> change) =>
        ImmutableInterlocked.Update(ref _subscriptions, subscriptions =>
        {
            var channels = subscriptions.GetValueOrDefault(subscriber, []);
            var changed = change(channels);
            if (changed == channels)
                return subscriptions;
            return changed.IsEmpty ? subscriptions.Remove(subscriber) : subscriptions.SetItem(subscriber, changed);
        });

    /// <summary>Watches the subscribers, so that the dead do not gather.</summary>
    private sealed class Unsubscriber(EventStream events, ActorPath path) : ActorRefBase
    {
        public override ActorPath Path { get; } = path;

        internal override void Send(SystemMessage message)
        {
            if (message is DeathWatchNotification { Actor: var dead })
                events.Unsubscribe(dead);
        }

        private protected override void Deliver(object message, IActorRef? sender)
        {
        }
    }
}
