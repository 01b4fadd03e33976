using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Sessions.Data;

namespace ActorTunnel.Engine.Sessions;

/// <content>How a data channel comes to be: what the client asks for, what the server is asked for, and what each is told.</content>
internal sealed partial class ControlChannelActor
{
    // The command that waits for its data channel to be ready.
    private SetUp? _setUp;

    private void AskPassive(FtpCommand command)
    {
        if (command.Verb == FtpVerb.Pasv && _route.AdvertisedAddress is not { AddressFamily: AddressFamily.InterNetwork })
        {
            Relay(_route.AdvertisedAddress is null ? FtpReplies.PassiveNeedsAddress : FtpReplies.PassiveNeedsIPv4, command);
        }
        else
        {
            DropDataChannel(); // The last one asked for counts (RFC 959, section 3.2).
            Send(command);
        }
    }

    private void OpenPassive(FtpCommand command, PassiveReply passive)
    {
        _setUp = new SetUp(command, passive);
        SpawnDataChannel(_route.PassiveDataChannel(DataContext("passive"), passive));
    }

    /// <summary>The data channel is ready: the reply to PASV, or the PORT command, goes on with its endpoint.</summary>
    private void Announce(IPEndPoint endPoint)
    {
        if (_setUp is not { } setUp)
            return;
        _setUp = null;
        if (setUp.Passive is { } passive)
        {
            // A 229 names no address. PASV went to the server only because there is one for the 227.
            var address = _route.AdvertisedAddress ?? IPAddress.Any;
            Relay(passive.Rewrite(new IPEndPoint(address, endPoint.Port)), setUp.Command);
        }
        else
        {
            SendToServer(ActiveCommand.For(endPoint).Line);
            _commands.Sent(setUp.Command);
        }
    }

    private void OpenActive(FtpCommand command)
    {
        if (!ActiveCommand.TryParse(command, out var named, out var refusal))
        {
            Relay(refusal, command);
            return;
        }

        if (_route.BoundDataChannel(DataContext("active"), named) is { } bound)
        {
            SetUpActive(command, bound);
            return;
        }

        // lftp names no address over IPv6 ("::") and means its own.
        var isUnspecified = named.Address.Equals(IPAddress.Any) || named.Address.Equals(IPAddress.IPv6Any);
        var endPoint = isUnspecified ? new IPEndPoint(_route.Client.Address, named.Port) : named;
        if (!DataPeers.MayBeConnectedTo(endPoint, _route.Client.Address, _route.Ftp.Restrictions))
        {
            Relay(FtpReplies.ForeignEndpoint, command);
        }
        else
        {
            SetUpActive(command, _route.ActiveDataChannel(DataContext("active"), endPoint));
        }
    }

    private void SetUpActive(FtpCommand command, Props dataChannel)
    {
        DropDataChannel();
        _setUp = new SetUp(command, Passive: null);
        SpawnDataChannel(dataChannel);
    }

    private void SetUpFailed(DataUnavailable gone)
    {
        if (_setUp is not { } setUp)
            return;
        _setUp = null;
        Relay(FtpReplies.CannotOpenDataConnection(gone.Reason), setUp.Command);
    }

    private sealed record SetUp(FtpCommand Command, PassiveReply? Passive);
}
