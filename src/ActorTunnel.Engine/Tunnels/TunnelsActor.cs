using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>Parent of the servers: one for each that a profile names. Passes questions on to them.</summary>
internal sealed class TunnelsActor : ReceiveActor
{
    private readonly EngineServices _services;
    private readonly AdmissionOptions _admission;
    private readonly Dial _dial;
    private readonly IdentityHasher _hasher = new();
    private readonly Dictionary<ServerIdentity, IActorRef> _servers = [];

    public TunnelsActor(EngineServices services, AdmissionOptions admission, Dial dial)
    {
        _services = services;
        _admission = admission;
        _dial = dial;

        Receive<GetTunnel>(get => Route(get.Profile, get));
        Receive<GetDataTunnel>(get => Route(get.Profile, get));
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
            server = Context.ActorOf(
                Props.Create(() => new ServerActor(services, admission, dial, tunnels)),
                ActorName.Of($"{profile.Host}:{profile.Port}-{_servers.Count + 1}"));
            _servers.Add(identity.Server, server);
        }

        server.Tell(new ForPool(identity, profile, question), Sender);
    }
}
