using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;

namespace ActorTunnel.Engine.Sessions.Data;

/// <summary>Waits for a data connection for an actor, which gets it as a message.</summary>
internal static class DataAccepting
{
    /// <summary>On the session's own address; within the range of the options, if they have one.</summary>
    /// <exception cref="TunnelException">It cannot listen.</exception>
    public static TcpAcceptor Listen(DataChannelContext session) => session.Options.DataPorts is { } range
        ? TcpAcceptor.Listen(session.Local.Address, range, backlog: 2)
        : TcpAcceptor.Listen(new(session.Local.Address, 0), backlog: 2);

    /// <returns><see cref="Accepted"/>, or <see cref="ListenerClosed"/> when <paramref name="closed"/> was cancelled.</returns>
    public static async Task<object> NextAsync(TcpAcceptor acceptor, CancellationToken closed)
    {
        try
        {
            return new Accepted(await acceptor.AcceptAsync(closed).ConfigureAwait(false));
        }
        catch (Exception ended) when (
            closed.IsCancellationRequested && ended is (OperationCanceledException or ObjectDisposedException or SocketException))
        {
            return ListenerClosed.Instance;
        }
    }

    internal sealed record Accepted(Socket Socket) : ICarriesResource
    {
        public void Release() => TcpSocket.Reset(Socket);
    }

    internal sealed record ListenerClosed
    {
        public static ListenerClosed Instance { get; } = new();
    }
}
