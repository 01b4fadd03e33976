using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Entries;

/// <summary>Parent of the listeners. One that fails is restarted and listens anew.</summary>
internal sealed class EntriesActor : ReceiveActor
{
    private int _count;

    public EntriesActor(IActorRef sessions, IActorRef tunnels, EngineServices services)
    {
        Receive<Add>(add =>
        {
            var (forward, profile) = (add.Forward, add.Profile);
            Context.ActorOf(Props.Create(() => new ForwardEntryActor(forward, profile, sessions, services)), $"forward-{++_count}")
                .Tell(ForwardEntryActor.Open.Instance, Sender);
        });
        Receive<AddRemote>(add =>
        {
            var (forward, profile) = (add.Forward, add.Profile);
            Context.ActorOf(Props.Create(() => new RemoteEntryActor(forward, profile, sessions, tunnels, services)), $"remote-{++_count}")
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

    /// <summary>Answered by <see cref="RemoteEntryActor.ForwardedRemotely"/> or <see cref="TunnelFailed"/>.</summary>
    public sealed record AddRemote(RemoteForwardOptions Forward, TunnelProfile Profile);

    /// <summary>No more sessions from anywhere.</summary>
    public sealed record CloseAll
    {
        public static CloseAll Instance { get; } = new();
    }
}
