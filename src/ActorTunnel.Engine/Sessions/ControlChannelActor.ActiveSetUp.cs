using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Sessions.Data;

namespace ActorTunnel.Engine.Sessions;

/// <content>
/// PORT, EPRT and the default data port: the client listens. The server connects to a listener of ours; or, when it cannot, its passive
/// mode serves the client, and we connect to both.
/// </content>
internal sealed partial class ControlChannelActor
{
    // Why the server's passive mode serves this session, once that is known; it is not found out twice.
    private string? _servedPassively;

    // Said once in a session.
    private bool _saidActiveAllTheSame;

    private void SetUpActive(FtpCommand command)
    {
        if (_parameters.IsExtendedOnly)
        {
            Relay(FtpReplies.OnlyExtended(command), command);
            return;
        }

        if (!ActiveCommand.TryParse(command, out var named, out var refusal))
        {
            Relay(refusal, command);
            return;
        }

        if (_route.TakeBound(named) is { } bound)
        {
            OpenActive(new ActiveSetUp(command, named) { Bound = bound });
            return;
        }

        // lftp names no address over IPv6 ("::") and means its own; and nobody can name the zone of a link-local one (RFC 2428, section 2).
        var isItsOwn = named.Address.Equals(IPAddress.Any)
            || named.Address.Equals(IPAddress.IPv6Any)
            || named.Address.GetAddressBytes().AsSpan().SequenceEqual(_route.Client.Address.GetAddressBytes());
        var endPoint = isItsOwn ? new IPEndPoint(_route.Client.Address, named.Port) : named;
        if (DataPeers.MayBeConnectedTo(endPoint, _route.Client.Address, _route.Ftp.Restrictions))
            OpenActive(new ActiveSetUp(command, endPoint));
        else
            Relay(FtpReplies.ForeignEndpoint, command);
    }

    /// <summary>
    /// A transfer that nothing was set up for: RFC 959, section 3.2, has the client listen on its own port of the control connection. Few
    /// do, so the server hears of it only when there is one who takes the connection; and then by PASV, because an active server would
    /// have to be asked for one more port.
    /// </summary>
    private void UseDefaultDataPort(FtpCommand transfer)
    {
        if (_parameters.IsExtendedOnly
            || _route.Ftp.DataMode == ServerDataMode.Active
            || !ActiveCommand.IsAllowed(_route.Client, _route.Client.Address))
            NoDefaultDataPort(transfer);
        else
            OpenActive(new ActiveSetUp(transfer, _route.Client));
    }

    private void NoDefaultDataPort(FtpCommand transfer)
    {
        _unavailable = null; // Nothing was set up that could be missing for the next one.
        RefuseTransfer(transfer, Failure.Protocol, "no data connection was asked for", FtpReplies.NoDataEndpoint);
    }

    private void OpenActive(ActiveSetUp setUp)
    {
        var passively = WhyServedPassively;
        if (passively is not null && _servedPassively is null && !setUp.IsDefaultPort)
            ServedPassively(passively);
        if (passively is null && _route.WhyServerCannotConnect is { } hardly && !_saidActiveAllTheSame)
        {
            // The server's own words to PORT ("Illegal PORT command") do not lead anybody to the setting.
            _saidActiveAllTheSame = true;
            _logger.ActiveAllTheSame(_id, hardly, _audit.Who);
        }

        DropDataChannel();
        setUp = setUp with { IsPassive = passively is not null || setUp.IsDefaultPort };
        _setUp = setUp;
        var (context, client, bound, isDefault) = (DataContext("active"), setUp.Client, setUp.Bound, setUp.IsDefaultPort);
        SpawnDataChannel(setUp.IsPassive
            ? Props.Create(() => new DialledDataChannelActor(context, client, bound, isDefault))
            : _route.ActiveDataChannel(context, client, bound));
    }

    private string? WhyServedPassively => _route.Ftp.DataMode switch
    {
        ServerDataMode.Active => null,
        ServerDataMode.Passive => "DataMode=passive",
        _ => _servedPassively ?? _route.WhyServerCannotConnect,
    };

    private void ServedPassively(string reason)
    {
        _servedPassively = reason;
        _logger.ServedPassively(_id, reason);
    }

    private void NoListener(ListenerRefused refused)
    {
        if (_setUp is not ActiveSetUp setUp)
            return;
        ServedPassively(refused.Reason);
        OpenActive(setUp);
    }

    private void AskServerFor(ActiveSetUp setUp, IPEndPoint endPoint)
    {
        if (setUp.IsPassive)
            AskServerToListen(PreferredPassive, reply => ServerListens(setUp, reply));
        else
            AskServer(ActiveCommand.VerbFor(endPoint), verb => ActiveCommand.For(verb, endPoint), reply => ServerConnects(setUp, reply));
    }

    /// <summary>EPSV names no address that could be wrong, but every server knows PASV; over IPv6 few.</summary>
    private FtpVerb PreferredPassive =>
        IPAddress.TryParse(_route.Host, out var host) && host.AddressFamily == AddressFamily.InterNetworkV6 ? FtpVerb.Epsv : FtpVerb.Pasv;

    private void ServerConnects(ActiveSetUp setUp, FtpReply reply)
    {
        if (!IsStillWanted(setUp))
            return;
        // Of a BIND the client has been taken already.
        if (ServerSetUp.IsUnable(reply) && _route.Ftp.DataMode == ServerDataMode.Auto && setUp.Bound is null)
        {
            ServedPassively($"the FTP server answers {reply.Code} to PORT");
            OpenActive(setUp with { Refusal = reply });
            return;
        }

        _setUp = null;
        if (reply.Kind != ReplyKind.Completion)
            DropDataChannel();
        Relay(reply, setUp.Command);
    }

    private void ServerListens(ActiveSetUp setUp, FtpReply reply)
    {
        if (!IsStillWanted(setUp))
            return;
        if (PassiveReply.Parse(reply) is { } passive)
        {
            _setUp = null;
            _data!.Tell(new ServerListens(passive));
            if (setUp.IsDefaultPort)
                BeginTransfer(setUp.Command);
            else
                Relay(FtpReplies.SetUp(setUp.Command), setUp.Command);
            return;
        }

        _setUp = null;
        DropDataChannel();
        var reason = $"the FTP server does not serve it by its passive mode: {reply.Text}";
        var isAboutPassive = ServerSetUp.IsUnable(reply) || reply.Kind == ReplyKind.Completion;
        var answer = setUp.Refusal ?? (isAboutPassive ? FtpReplies.CannotOpenDataConnection(reason) : reply);
        if (setUp.IsDefaultPort)
            RefuseTransfer(setUp.Command, Failure.FtpServer, reason, answer);
        else
            Relay(answer, setUp.Command);
    }

    /// <summary>The data channel may have failed while the server was asked; its client has been told then.</summary>
    private bool IsStillWanted(ActiveSetUp setUp)
    {
        if (ReferenceEquals(_setUp, setUp))
            return true;
        TakeCommands();
        return false;
    }

    private sealed record ActiveSetUp(FtpCommand Command, IPEndPoint Client) : SetUp(Command)
    {
        /// <summary>Who has the client's connection, which it has made for BIND; null: nobody.</summary>
        public IActorRef? Bound { get; init; }

        /// <summary>It is served by the server's passive mode.</summary>
        public bool IsPassive { get; init; }

        /// <summary>What the server has said to PORT, before it was asked for its passive mode.</summary>
        public FtpReply? Refusal { get; init; }

        /// <summary>No PORT has named it.</summary>
        public bool IsDefaultPort => Command.Direction != TransferDirection.None;
    }
}
