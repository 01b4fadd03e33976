using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;

namespace ActorTunnel.Engine.Sessions.Socks;

/// <summary>Names that rules want to know the addresses of.</summary>
internal static class RuleNames
{
    /// <summary>None when it has none here, or not in time.</summary>
    public static async Task<IReadOnlyList<IPAddress>> ResolveAsync(
        string host, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await HostResolver.ResolveAsync(host, AddressFamily.Unspecified, either.Token).ConfigureAwait(false);
        }
        catch (Exception unknown) when (unknown is TunnelException or OperationCanceledException)
        {
            return [];
        }
    }
}
