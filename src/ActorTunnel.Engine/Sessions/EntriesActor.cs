using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Sessions;

/// <summary>Parent of the listeners. One that fails is restarted and listens anew.</summary>
internal sealed class EntriesActor : ReceiveActor
{
    private int _count;

    public EntriesActor(IActorRef sessions, EngineServices services)
    {
        Receive<Add>(add =>
        {
            var (forward, profile) = (add.Forward, add.Profile);
            Context.ActorOf(Props.Create(() => new ForwardEntryActor(forward, profile, sessions, services)), $"forward-{++_count}")
                .Tell(ForwardEntryActor.Open.Instance, Sender);
        });
        Receive<CloseAll>(_ =>
        {
            foreach (var entry in Context.GetChildren())
                entry.Tell(ForwardEntryActor.Close.Instance);
        });
    }

    /// <summary>Answered as <see cref="ForwardEntryActor.Open"/> is.</summary>
    public sealed record Add(ForwardOptions Forward, TunnelProfile Profile);

    /// <summary>No more sessions from anywhere.</summary>
    public sealed record CloseAll
    {
        public static CloseAll Instance { get; } = new();
    }
}
