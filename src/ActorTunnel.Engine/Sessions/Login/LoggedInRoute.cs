using System.Net.Sockets;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions.Login;

/// <summary>
/// A client that has logged in already: the control connections and the SSH connection are there, and stay. Another login would be another
/// SSH login, so there is none on them.
/// </summary>
internal sealed class LoggedInRoute(Socket client, ControlLeg clientLeg, LoggedIn connection, TimeProvider time)
    : LocalRoute(new NewSession(client, connection.Target), time)
{
    public override bool IsLoggedIn => true;

    public override ControlLeg OpenClientLeg()
    {
        clientLeg.MaxLineLength = Ftp.Restrictions.MaxLineLength; // Where the client goes was not known before.
        return clientLeg;
    }

    public override void AskForTunnel(IActorRef session, IActorRef tunnels) =>
        session.Tell(new TunnelReady(connection.Transport), session);

    public override Task<object> ConnectServerAsync(
        ISshTransport transport, ChannelWindow window, CancellationToken cancellationToken) =>
        Task.FromResult<object>(new ServerConnected(connection.Control, connection.Server));
}
