using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Net;

/// <summary>Resolves a host here and connects to whichever of its addresses answers first.</summary>
internal static class TcpDialer
{
    /// <exception cref="TunnelException">With a line that names host and port.</exception>
    /// <exception cref="DialGivenUpException">Cancelled while addresses were tried.</exception>
    public static async Task<Socket> ConnectAsync(TcpTarget target, TimeProvider time, CancellationToken cancellationToken)
    {
        var endPoints = target.Peers
            ?? [.. (await HostResolver.ResolveAsync(target.Host, target.Family, cancellationToken).ConfigureAwait(false))
                .Select(address => new IPEndPoint(address, target.Port))];
        if (endPoints.Count == 0)
            throw HostResolver.NotFound(target.Host, target.Family);
        if (target.Check?.Invoke([.. endPoints.Select(endPoint => endPoint.Address)]) is { } refusal)
            throw new TunnelException(Failure.Policy, refusal);
        var race = new ConnectionRace(ConnectAsync, time);
        try
        {
            var (winner, failures) = await race.RunAsync(endPoints, cancellationToken).ConfigureAwait(false);
            return winner ?? throw Explain(target, failures);
        }
        catch (OperationCanceledException stopped)
        {
            throw new DialGivenUpException(race.Tried, stopped);
        }
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(target, cancellationToken).ConfigureAwait(false);
            TcpSocket.Prepare(socket);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>All addresses in one line. A host that refuses is there, so that says more than one that does not answer.</summary>
    private static TunnelException Explain(TcpTarget target, IReadOnlyList<ConnectFailure> failures)
    {
        var cause = failures
            .Select(failure => failure.Cause)
            .MinBy(cause => cause.SocketErrorCode switch { SocketError.ConnectionRefused => 0, SocketError.TimedOut => 1, _ => 2 })!;
        var where = $"{target.Host} port {target.Port}";
        var each = failures.Count == 1
            ? ""
            : $" ({string.Join("; ", failures.Select(failure => $"{failure.Target.Address}: {failure.Cause.Message}"))})";
        var (failure, message) = cause.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => (
                Failure.ConnectionRefused, $"Connection to {where} was refused: is {target.Service} listening there?{each}"),
            SocketError.TimedOut => (Failure.Timeout, $"Connection to {where} timed out: check address and firewall.{each}"),
            _ => (Failure.Unreachable, $"Cannot connect to {where}: {cause.Message}.{each}"),
        };
        return new TunnelException(failure, message, cause) { IsWithoutConnection = true };
    }
}
