using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>Parent of the pools: one for each identity. Passes questions on to them.</summary>
internal sealed class TunnelsActor : ReceiveActor
{
    private readonly Dictionary<TunnelProfile, IActorRef> _pools = new(ReferenceEqualityComparer.Instance);

    public TunnelsActor(EngineServices services, AdmissionOptions admission, Dial dial)
    {
        Receive<GetTunnel>(get =>
        {
            if (!_pools.TryGetValue(get.Profile, out var pool))
            {
                var profile = get.Profile;
                pool = Context.ActorOf(Props.Create(() => new TunnelPoolActor(profile, services, dial)), Name(profile));
                _pools.Add(profile, pool);
            }

            pool.Tell(get, Sender);
        });
    }

    /// <summary>For logs. Actor names allow few characters, user names any.</summary>
    private string Name(TunnelProfile profile)
    {
        var name = $"{profile.User}@{profile.Host}:{profile.Port}-{_pools.Count + 1}";
        return string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || "-_.@:".Contains(letter) ? letter : '_'));
    }
}
