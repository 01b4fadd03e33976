using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>
/// Parent of the servers: one for each that a profile or an application names. Passes questions on to them.
/// </summary>
internal sealed class TunnelsActor : ReceiveActor
{
    /// <summary>Applications name servers, so there must be an end: beyond it those that nobody uses are let go.</summary>
    internal const int MaxServers = 1000;

    private readonly EngineServices _services;
    private readonly AdmissionOptions _admission;
    private readonly Dial _dial;
    private readonly IdentityHasher _hasher = new();
    private readonly Dictionary<ServerIdentity, Server> _servers = [];
    private long _made;
    private long _emptied;

    public TunnelsActor(EngineServices services, AdmissionOptions admission, Dial dial)
    {
        _services = services;
        _admission = admission;
        _dial = dial;

        Receive<GetTunnel>(get => Route(get.Profile, get));
        Receive<GetDataTunnel>(get => Route(get.Profile, get));
        Receive<ServerEmpty>(empty => Emptied(empty));
    }

    protected override void PreRestart(Exception reason, object? message)
    {
        if (message is IQuestion question)
            Sender.Tell(question.Unanswered);
        base.PreRestart(reason, message);
    }

    protected override void PostStop() => _hasher.Dispose();

    private void Route(TunnelProfile profile, IQuestion question)
    {
        TunnelIdentity identity;
        try
        {
            identity = _hasher.Of(profile);
        }
        catch (ObjectDisposedException)
        {
            Sender.Tell(TunnelFailed.SecretGone);
            return;
        }

        if (!_servers.TryGetValue(identity.Server, out var server))
        {
            var (services, admission, dial, tunnels) = (_services, _admission, _dial, Self);
            server = new Server(Context.ActorOf(
                Props.Create(() => new ServerActor(services, admission, dial, tunnels)),
                ActorName.Of($"{profile.Host}:{profile.Port}-{++_made}")));
            _servers.Add(identity.Server, server);
            LetGoOfOne();
        }

        server.Actor.Tell(new ForPool(identity, profile, question, ++server.Questions), Sender);
    }

    private void Emptied(ServerEmpty empty)
    {
        if (!_servers.TryGetValue(empty.Server, out var server) || !server.Actor.Equals(Sender))
            return;
        (server.EmptyAfter, server.EmptySince) = (empty.Questions, ++_emptied);
        LetGoOfOne();
    }

    /// <summary>The one that has been empty for the longest time: its proven identities are forgotten with it.</summary>
    private void LetGoOfOne()
    {
        if (_servers.Count <= MaxServers)
            return;
        var (identity, server) = _servers.Where(entry => entry.Value.IsEmpty).MinBy(entry => entry.Value.EmptySince);
        if (server is null)
            return;
        _servers.Remove(identity);
        Context.Stop(server.Actor);
    }

    private sealed class Server(IActorRef actor)
    {
        public IActorRef Actor => actor;

        public long Questions { get; set; }

        /// <summary>After so many questions nothing was left of it.</summary>
        public long EmptyAfter { get; set; } = -1;

        /// <summary>Its place in the order of those that became empty.</summary>
        public long EmptySince { get; set; }

        public bool IsEmpty => Questions == EmptyAfter;
    }
}
