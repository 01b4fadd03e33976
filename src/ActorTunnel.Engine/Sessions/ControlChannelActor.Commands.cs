using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Sessions;

/// <content>What the client says.</content>
internal sealed partial class ControlChannelActor
{
    private void ReadFromClient(ControlLine line)
    {
        _readingClient = false;
        switch (line.Status)
        {
            case LineStatus.Line:
                var command = FtpCommand.Parse(line.Bytes);
                _logger.Command(_id, command.Verb);
                _commands.Enqueue(command);
                if (command.Verb == FtpVerb.Quit)
                    QuitReceived();
                _authUnanswered = command.Verb == FtpVerb.Auth && PassesAuth;
                TakeCommands();
                ReadClient();
                break;
            case LineStatus.TooLong:
                SayFarewell(FtpReplies.LineTooLong, Failure.Limit, "a command line is too long");
                break;
            default:
                ClientLeaves();
                break;
        }
    }

    private void QuitReceived()
    {
        _quitReceived = true;
        _data?.Tell(ClientQuits.Instance);
    }

    private void TakeCommands()
    {
        while (!_ending && _serverLeg is not null && _commands.TryTakeNext(out var command))
            Act(command);
    }

    private void Act(FtpCommand command)
    {
        if (!_route.IsLoggedIn) // There is no other user then, whoever is named.
            _audit.Sees(command);
        switch (command.Verb)
        {
            case FtpVerb.Auth when !PassesAuth:
                Relay(FtpReplies.NoTls, command);
                break;
            case FtpVerb.Pasv or FtpVerb.Epsv when _route.Ftp.DataModes == DataModes.Active:
                Relay(FtpReplies.ActiveOnly, command);
                break;
            case FtpVerb.Port or FtpVerb.Eprt when _route.Ftp.DataModes == DataModes.Passive:
                Relay(FtpReplies.PassiveOnly, command);
                break;
            case FtpVerb.User when _route.IsLoggedIn:
                Relay(FtpReplies.ReconnectForOther, command);
                break;
            case FtpVerb.Rein when _route.IsLoggedIn:
                Relay(FtpReplies.NotAfterLogin, command);
                break;
            case FtpVerb.Lprt or FtpVerb.Lpsv or FtpVerb.Spsv:
                Relay(FtpReplies.NotThroughTunnel, command);
                break;
            case FtpVerb.Pasv when _route.AdvertisedAddress is null:
                Relay(FtpReplies.PassiveNeedsAddress, command);
                break;
            case FtpVerb.Pasv when _route.AdvertisedAddress.AddressFamily != AddressFamily.InterNetwork:
                Relay(FtpReplies.PassiveNeedsIPv4, command);
                break;
            case FtpVerb.Pasv or FtpVerb.Epsv:
                DropDataChannel(); // The last one asked for counts (RFC 959, section 3.2).
                Send(command);
                break;
            case FtpVerb.Port or FtpVerb.Eprt:
                OpenActive(command);
                break;
            case FtpVerb.Abor:
                _abortSent = true;
                _data?.Tell(TransferAborts.Instance);
                Send(command);
                break;
            default:
                if (command.Direction == TransferDirection.None)
                    Send(command);
                else
                    BeginTransfer(command);
                break;
        }
    }

    private void Send(FtpCommand command)
    {
        SendToServer(command.Line);
        _commands.Sent(command);
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
        if (!ActiveCommand.IsAllowed(endPoint, _route.Client.Address))
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

    private void BeginTransfer(FtpCommand command)
    {
        if (_data is null)
        {
            var (failure, reason) = _unavailable is null
                ? (Failure.Protocol, "no data connection was asked for")
                : (_unavailable.Failure, _unavailable.Reason);
            _audit.Transferred(command, mode: null, bytes: 0, TimeSpan.Zero, failure, reason);
            Relay(_unavailable is null ? FtpReplies.NoDataEndpoint : FtpReplies.CannotOpenDataConnection(reason), command);
            return;
        }

        _abortSent = false;
        _audit.Begins(command);
        _data.Tell(new TransferBegins(command, _services.Time.GetTimestamp()));
        if (_quitReceived)
            _data.Tell(ClientQuits.Instance);
        Send(command);
    }
}
