using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Net;

/// <summary>Resolves a host here and connects to the first of its addresses that answers.</summary>
internal static class TcpDialer
{
    /// <exception cref="TunnelException">With a line that names host and port.</exception>
    public static async Task<Socket> ConnectAsync(string host, int port, AddressFamily family, CancellationToken cancellationToken)
    {
        var addresses = await ResolveAsync(host, family, cancellationToken).ConfigureAwait(false);
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken).ConfigureAwait(false);
                TcpSocket.Prepare(socket);
                return socket;
            }
            catch (SocketException refused)
            {
                socket.Dispose();
                last = refused;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw Explain(host, port, last!);
    }

    private static async Task<IPAddress[]> ResolveAsync(string host, AddressFamily family, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, family, cancellationToken).ConfigureAwait(false);
            if (addresses.Length > 0)
                return addresses;
        }
        catch (SocketException)
        {
            // Said below, together with "no address of this family".
        }

        throw new TunnelException(Failure.HostNotFound, $"Host {host} was not found: check the name{FamilyHint(family)}.");
    }

    private static string FamilyHint(AddressFamily family) => family switch
    {
        AddressFamily.InterNetwork => ", and whether it has an IPv4 address (-4)",
        AddressFamily.InterNetworkV6 => ", and whether it has an IPv6 address (-6)",
        _ => "",
    };

    private static TunnelException Explain(string host, int port, SocketException cause) => cause.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => new TunnelException(
            Failure.ConnectionRefused, $"Connection to {host} port {port} was refused: is an SSH server listening there?", cause),
        SocketError.TimedOut => new TunnelException(
            Failure.Timeout, $"Connection to {host} port {port} timed out: check address and firewall.", cause),
        _ => new TunnelException(Failure.Unreachable, $"Cannot connect to {host} port {port}: {cause.Message}.", cause),
    };
}
