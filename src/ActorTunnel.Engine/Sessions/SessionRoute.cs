using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Sessions.Data;
using ActorTunnel.Engine.Sessions.Socks;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions;

/// <summary>
/// What of an FTP session depends on which side of the SSH connection the client is: <see cref="LocalRoute"/> here,
/// <see cref="RemoteRoute"/> over there. Owned by the <see cref="ControlChannelActor"/>; data channels only ask it.
/// </summary>
internal abstract class SessionRoute : IDisposable
{
    /// <summary>The client's end of its control connection, an IPv4 address never mapped to IPv6.</summary>
    public abstract IPEndPoint Client { get; }

    /// <summary>Our end of the control connection that ends on this machine: the address by which its peer knows us.</summary>
    public abstract IPEndPoint Local { get; }

    public abstract string Host { get; }

    public abstract int HostPort { get; }

    public abstract FtpOptions Ftp { get; }

    /// <summary>The client's control connection. The route's.</summary>
    public abstract Stream ClientControl { get; }

    /// <summary>What the client is told of the outcome, before any byte of the server.</summary>
    public virtual Reception Reception => Reception.Silent;

    /// <summary>The FTP login is done, and nobody else may log in on this connection.</summary>
    public virtual bool IsLoggedIn => false;

    /// <summary>The client has closed its control connection, though what it sent before may still be unread.</summary>
    public abstract bool HasClientLeft { get; }

    /// <summary>The CONNECT that the client has come by; null: it has not come by SOCKS.</summary>
    public virtual SocksOrigin? Socks => null;

    /// <summary>Whose data connections alone are the client's; null: that is not asked, or the client is elsewhere.</summary>
    public virtual ClientUser? ClientUser => null;

    /// <summary>What PASV tells the client; null when there is nothing that it could be told.</summary>
    public abstract IPAddress? AdvertisedAddress { get; }

    /// <summary>What the SSH server is asked to bind for data connections.</summary>
    public abstract string RemoteBind { get; }

    /// <summary>The client's control connection line by line, with what has been read ahead of it. The caller's from then on.</summary>
    public virtual ControlLeg OpenClientLeg() => new(ClientControl) { MaxLineLength = Ftp.Restrictions.MaxLineLength };

    /// <summary>
    /// Asks for the SSH connection; <see cref="TunnelReady"/> or <see cref="TunnelFailed"/> comes to <paramref name="session"/>.
    /// </summary>
    public abstract void AskForTunnel(IActorRef session, IActorRef tunnels);

    /// <summary>What takes the place of the SSH connection that cannot be made; null: nothing.</summary>
    public virtual ISshTransport? FallBack(TunnelFailed failed) => null;

    /// <returns><see cref="ServerConnected"/> or <see cref="TunnelFailed"/>.</returns>
    public abstract Task<object> ConnectServerAsync(ISshTransport transport, ChannelWindow window, CancellationToken cancellationToken);

    /// <summary>Completes when <see cref="HasClientLeft"/> is worth another look; null when there is nothing to wait for.</summary>
    /// <param name="transferTime">How long the transfer took.</param>
    public abstract Task? WaitForSecondLookAsync(TimeSpan transferTime);

    /// <summary>The actor for a PASV or EPSV that the server has answered.</summary>
    public abstract Props PassiveDataChannel(DataChannelContext context, PassiveReply reply);

    /// <summary>The actor for a PORT or EPRT that names <paramref name="endPoint"/>.</summary>
    public abstract Props ActiveDataChannel(DataChannelContext context, IPEndPoint endPoint);

    /// <summary>The same when it names what the client's BIND was told; null: it does not.</summary>
    public virtual Props? BoundDataChannel(DataChannelContext context, IPEndPoint endPoint) => null;

    /// <summary>Closes the client's control connection.</summary>
    public abstract void Dispose();

    /// <summary>The control connection to the FTP server, and the same line by line if something has been read ahead of it.</summary>
    internal sealed record ServerConnected(Stream Control, ControlLeg? Leg = null) : ICarriesResource
    {
        public void Release() => Control.Dispose();
    }
}
