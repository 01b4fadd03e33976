using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Entries;

/// <summary>Parent of the listeners. One that fails is restarted and listens anew.</summary>
internal sealed class EntriesActor : ReceiveActor
{
    private readonly Dictionary<string, IActorRef> _entries = [];

    // Who waits until an entry is closed.
    private readonly Dictionary<IActorRef, IActorRef> _closing = [];
    private int _count;

    public EntriesActor(IActorRef sessions, IActorRef tunnels, EngineServices services)
    {
        Receive<Add>(add =>
        {
            var (forward, profile) = (add.Forward, add.Profile);
            Open(forward.Name, "forward", name => Props.Create(() => new ForwardEntryActor(name, forward, profile, sessions, services)));
        });
        Receive<AddRemote>(add =>
        {
            var (forward, profile) = (add.Forward, add.Profile);
            Open(forward.Name, "remote", name =>
            {
                var named = forward with { Name = name };
                return Props.Create(() => new RemoteEntryActor(named, profile, sessions, tunnels, services));
            });
        });
        Receive<AddSocks>(add => Open(add.Options.Name, "socks", name =>
        {
            var options = add.Options with { Name = name };
            Func<System.Net.Sockets.Socket, object> client = socket => new NewSocksClient(socket, options);
            return Props.Create(() => new ProxyEntryActor(options, "SOCKS clients", client, sessions, services));
        }));
        Receive<AddFtpProxy>(add => Open(add.Options.Name, "ftp-proxy", name =>
        {
            var options = add.Options;
            Func<System.Net.Sockets.Socket, object> client = socket => new NewLoginSession(socket, name);
            return Props.Create(() => new ProxyEntryActor(options, "FTP clients", client, sessions, services));
        }));
        Receive<CloseOne>(close =>
        {
            if (_entries.Remove(close.Name, out var entry))
            {
                _closing.Add(entry, Sender);
                Context.Stop(entry);
            }
            else
            {
                Sender.Tell(new EntryClosed(WasThere: false));
            }
        });
        Receive<Terminated>(gone =>
        {
            if (_closing.Remove(gone.ActorRef, out var asker))
                asker.Tell(new EntryClosed(WasThere: true));
            else if (_entries.FirstOrDefault(entry => entry.Value.Equals(gone.ActorRef)).Key is { } name)
                _entries.Remove(name); // It could not be opened.
        });
        Receive<CloseAll>(_ =>
        {
            foreach (var entry in Context.GetChildren())
                entry.Tell(ListeningEntryActor.Close.Instance);
        });
    }

    private void Open(string? wanted, string kind, Func<string, Props> entry)
    {
        var actor = $"{kind}-{++_count}";
        var name = wanted ?? actor;
        if (_entries.ContainsKey(name))
        {
            Sender.Tell(new TunnelFailed(Failure.Configuration, $"There is an entry of the name {name} already: choose another one."));
            return;
        }

        _entries[name] = Context.Watch(Context.ActorOf(entry(name), actor));
        _entries[name].Tell(ListeningEntryActor.Open.Instance, Sender);
    }

    /// <summary>Answered as <see cref="ListeningEntryActor.Open"/> is.</summary>
    public sealed record Add(ForwardOptions Forward, TunnelProfile Profile);

    /// <summary>Answered by <see cref="RemoteEntryActor.ForwardedRemotely"/> or <see cref="TunnelFailed"/>.</summary>
    public sealed record AddRemote(RemoteForwardOptions Forward, TunnelProfile Profile);

    /// <summary>Answered as <see cref="ListeningEntryActor.Open"/> is.</summary>
    public sealed record AddSocks(SocksOptions Options);

    /// <summary>Answered as <see cref="ListeningEntryActor.Open"/> is.</summary>
    public sealed record AddFtpProxy(FtpProxyOptions Options);

    /// <summary>No more sessions from this entry. Answered by <see cref="EntryClosed"/>.</summary>
    public sealed record CloseOne(string Name);

    /// <summary>Its listeners are closed.</summary>
    public sealed record EntryClosed(bool WasThere);

    /// <summary>No more sessions from anywhere.</summary>
    public sealed record CloseAll
    {
        public static CloseAll Instance { get; } = new();
    }
}
