namespace ActorTunnel.Actors;

/// <summary>A message that nobody handled. Published on the <see cref="EventStream"/>.</summary>
public abstract class AllDeadLetters
{
    private protected AllDeadLetters(object message, IActorRef sender, IActorRef recipient)
    {
        Message = message;
        Sender = sender;
        Recipient = recipient;
    }

    /// <summary>The message.</summary>
    public object Message { get; }

    /// <summary>Who sent it; the system's dead letters when nobody is to be answered.</summary>
    public IActorRef Sender { get; }

    /// <summary>Whom it was meant for.</summary>
    public IActorRef Recipient { get; }

    /// <summary>Names the message by its type: what is in it may be a secret.</summary>
    public override string ToString() => $"{GetType().Name} from {Sender} to {Recipient}: {Message.GetType().Name}";
}

/// <summary>A message to an actor that has terminated.</summary>
public sealed class DeadLetter(object message, IActorRef sender, IActorRef recipient) : AllDeadLetters(message, sender, recipient);

/// <summary>A dead letter of little interest: its message is an <see cref="IDeadLetterSuppression"/>.</summary>
public sealed class SuppressedDeadLetter : AllDeadLetters
{
    internal SuppressedDeadLetter(IDeadLetterSuppression message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
    }
}

/// <summary>A message that no handler of the actor wanted.</summary>
public sealed class UnhandledMessage : AllDeadLetters
{
    internal UnhandledMessage(object message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
    }
}
