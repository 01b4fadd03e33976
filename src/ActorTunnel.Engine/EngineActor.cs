using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Entries;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine;

/// <summary>The top of the tree: entries, sessions, tunnels and the directory. Passes questions on to the one that knows.</summary>
internal sealed class EngineActor : ReceiveActor
{
    public EngineActor(EngineServices services, AdmissionOptions admission)
    {
        Dial dial = SshDialer.DialAsync;
        var tunnels = Context.ActorOf(Props.Create(() => new TunnelsActor(services, admission, dial)), "tunnels");
        var directory = Context.ActorOf(Props.Create(() => new DirectoryActor()), "directory");
        var sessions = Context.ActorOf(Props.Create(() => new SessionsActor(tunnels, directory, services)), "sessions");
        var entries = Context.ActorOf(Props.Create(() => new EntriesActor(sessions, tunnels, services)), "entries");

        Receive<GetTunnel>(message => tunnels.Tell(message, Sender));
        Receive<DirectoryActor.GetSessions>(message => directory.Tell(message, Sender));
        Receive<EntriesActor.Add>(message => entries.Tell(message, Sender));
        Receive<EntriesActor.AddRemote>(message => entries.Tell(message, Sender));
        Receive<EntriesActor.AddSocks>(message => entries.Tell(message, Sender));
        Receive<EntriesActor.AddFtpProxy>(message => entries.Tell(message, Sender));
        Receive<EntriesActor.CloseOne>(message => entries.Tell(message, Sender));
        Receive<ApplyRules>(message => sessions.Tell(message, Sender));
        Receive<EntriesActor.CloseAll>(message => entries.Tell(message, Sender));
        Receive<EndWhenIdle>(message => sessions.Tell(message, Sender));
        Receive<EndNow>(message => sessions.Tell(message, Sender));
    }
}
