using System.Net;

namespace ActorTunnel.Engine.Configuration;

/// <summary>Where a proxy of ours listens, and for whom.</summary>
public abstract record ProxyEntryOptions
{
    /// <summary>Names it in audit, and to close it; no other entry has it. Null: it gets one.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Where it listens. The first must succeed; another address may be missing on this machine. Port 0 takes a free one, the same for
    /// all that have it.
    /// </summary>
    public required IReadOnlyList<IPEndPoint> Listen { get; init; }

    /// <summary>Other addresses than loopback may be listened on; then <see cref="Clients"/> says for whom.</summary>
    public bool AllowRelay { get; init; }

    /// <summary>Networks that clients may come from; empty: any, as they can only be on this machine.</summary>
    public IReadOnlyList<IPNetwork> Clients { get; init; } = [];

    /// <summary>Which value is not possible; null: all are.</summary>
    internal string? Problem => this switch
    {
        { Listen.Count: 0 } => "a proxy needs an address to listen on",
        { AllowRelay: false } when Listen.Any(endPoint => !IPAddress.IsLoopback(endPoint.Address)) =>
            $"listening on {Listen.First(endPoint => !IPAddress.IsLoopback(endPoint.Address))} lets other machines in: it needs AllowRelay,"
            + " and Clients that names their networks",
        { AllowRelay: true, Clients.Count: 0 } => "AllowRelay needs Clients: the networks that clients may come from",
        _ => null,
    };

    /// <summary>Whether a client may come from there.</summary>
    internal bool Admits(IPAddress client) => Clients.Count == 0 || Clients.Any(network => network.Contains(client));
}
