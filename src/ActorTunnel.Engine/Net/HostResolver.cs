using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Net;

/// <summary>The addresses of a host, in the order to try them.</summary>
internal static class HostResolver
{
    /// <summary>A name with more is balanced over many machines; the first ones do.</summary>
    public const int MaxAddresses = 16;

    /// <exception cref="TunnelException"><see cref="Failure.HostNotFound"/>.</exception>
    public static async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, AddressFamily family, CancellationToken cancellationToken)
    {
        // The resolver takes an unspecified address for a defect of its caller; here whoever asked for it decides.
        if (IPAddress.TryParse(host, out var literal) && (family == AddressFamily.Unspecified || literal.AddressFamily == family))
            return [literal];
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, family, cancellationToken).ConfigureAwait(false);
            if (addresses.Length > 0)
                return Interleave(addresses);
        }
        catch (Exception unknown) when (unknown is SocketException or ArgumentException)
        {
            // Said below, together with "no address of this family" and "too long for a name".
        }

        throw NotFound(host, family);
    }

    public static TunnelException NotFound(string host, AddressFamily family) =>
        new(Failure.HostNotFound, $"Host {host} was not found: check the name{FamilyHint(family)}.") { IsWithoutConnection = true };

    /// <summary>
    /// RFC 8305, section 4: the system has sorted them (RFC 6724); the families take turns, beginning with the preferred one, so that
    /// a family without a way costs one attempt.
    /// </summary>
    public static IReadOnlyList<IPAddress> Interleave(IReadOnlyList<IPAddress> sorted)
    {
        var preferred = new Queue<IPAddress>(sorted.Where(address => address.AddressFamily == sorted[0].AddressFamily));
        var other = new Queue<IPAddress>(sorted.Where(address => address.AddressFamily != sorted[0].AddressFamily));
        var order = new List<IPAddress>();
        while (order.Count < MaxAddresses && (preferred.Count > 0 || other.Count > 0))
        {
            if (preferred.TryDequeue(out var address))
                order.Add(address);
            if (order.Count < MaxAddresses && other.TryDequeue(out address))
                order.Add(address);
        }

        return order;
    }

    private static string FamilyHint(AddressFamily family) => family switch
    {
        AddressFamily.InterNetwork => ", and whether it has an IPv4 address (-4)",
        AddressFamily.InterNetworkV6 => ", and whether it has an IPv6 address (-6)",
        _ => "",
    };
}
