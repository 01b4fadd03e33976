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

    /// <summary>What the session counts as, without a user.</summary>
    public abstract SessionPlace Place { get; }

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
    /// <param name="isTemporary">The upload has a temporary name: being sure is worth more than being quick.</param>
    public abstract Task? WaitForSecondLookAsync(TimeSpan transferTime, bool isTemporary);

    /// <summary>Why the FTP server cannot connect to a listener of ours, as far as that is known without asking; null: it may.</summary>
    public virtual string? WhyServerCannotConnect => null;

    /// <summary>The actor for a PASV or EPSV that the server has answered.</summary>
    public abstract Props PassiveDataChannel(DataChannelContext context, PassiveReply reply);

    /// <summary>The actor for a PORT or EPRT, when the server connects to a listener of ours.</summary>
    /// <param name="context">The session.</param>
    /// <param name="endPoint">Where the client listens.</param>
    /// <param name="bound">Who has the client's connection, which it has made for BIND; null: nobody.</param>
    public abstract Props ActiveDataChannel(DataChannelContext context, IPEndPoint endPoint, IActorRef? bound);

    /// <summary>Who has the connection of the client's BIND that was told this address; null: it names no BIND.</summary>
    public virtual IActorRef? TakeBound(IPEndPoint endPoint) => null;

    /// <summary>For a data connection of this session.</summary>
    public abstract DataEnds NewDataEnds();

    /// <summary>
    /// Connects to where the client listens, from the address that it knows as the server's. <paramref name="actor"/> is told
    /// <see cref="TargetDialing.Connected"/>, <see cref="ChannelOpening.Opened"/> or <see cref="TunnelFailed"/>.
    /// </summary>
    public abstract void ConnectClientData(
        IActorRef actor, IPEndPoint client, ISshTransport transport, CancellationToken cancellationToken);

    /// <summary>
    /// The same for where the server listens. Not to be given up when the client's side breaks: a server that saw its data connection come
    /// and go would have a file of no bytes, so ABOR must come first.
    /// </summary>
    public abstract void ConnectServerData(IActorRef actor, PassiveReply reply, ISshTransport transport);

    /// <summary>Closes the client's control connection.</summary>
    public abstract void Dispose();

    /// <summary>
    /// The host that the server's data connection goes to, if the options say another than the control connection's: servers often
    /// announce addresses that nobody can reach.
    /// </summary>
    protected string? OtherDataHost(PassiveReply reply) => (Ftp.PassiveAddress, reply.Address) switch
    {
        (PassiveAddress.Reply, { } address) => address.ToString(),
        (PassiveAddress.Map, { } address) => Ftp.PassiveAddressMap.GetValueOrDefault(address),
        _ => null,
    };

    /// <summary>The control connection to the FTP server, and the same line by line if something has been read ahead of it.</summary>
    internal sealed record ServerConnected(Stream Control, ControlLeg? Leg = null) : ICarriesResource
    {
        public void Release() => Control.Dispose();
    }
}
