namespace ActorTunnel.Engine.Diagnostics;

/// <summary>A message that brings a socket or a channel to its new owner.</summary>
internal interface ICarriesResource
{
    /// <summary>Closes what it carries: there is no owner any more.</summary>
    void Release();
}

/// <summary>
/// Receives messages that came too late for an actor that has stopped, and closes what they carry: a socket accepted while its session
/// ended must not stay open until the garbage collector finds it. Who asked a question must not wait for ever.
/// </summary>
internal sealed class DeadLetterOffice : ReceiveActor
{
    public DeadLetterOffice()
    {
        Receive<DeadLetter>(letter =>
        {
            (letter.Message as ICarriesResource)?.Release();
            if (letter.Message is IQuestion question)
                letter.Sender.Tell(question.Unanswered);
        });
    }

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
}
