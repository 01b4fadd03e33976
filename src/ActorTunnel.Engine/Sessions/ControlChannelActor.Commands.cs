using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Sessions.Data;

namespace ActorTunnel.Engine.Sessions;

/// <content>What the client says.</content>
internal sealed partial class ControlChannelActor
{
    private readonly CommandAssembler _lines = new();

    // Commands of our own that the server has not answered yet, and what their answers are for.
    private readonly Dictionary<FtpCommand, Action<FtpReply>> _asked = [];

    private void ReadFromClient(ControlLine line)
    {
        _readingClient = false;
        IsActive();
        switch (line.Status)
        {
            case LineStatus.Line or LineStatus.Part:
                if (_lines.Add(line.Bytes) is { } command)
                    Accept(command);
                if (_lines.IsEndless)
                    SayFarewell(FtpReplies.LineEndless, Failure.Limit, "a command line does not end");
                ReadClient();
                break;
            case LineStatus.Tls:
                SayFarewell(FtpReplies.ClientSpeaksTls, Failure.Protocol, FtpReplies.ClientSpeaksTls.Text);
                break;
            default:
                ClientLeaves();
                break;
        }
    }

    private void Accept(FtpCommand command)
    {
        _logger.Command(_id, command.Verb);
        _commands.Enqueue(command);
        if (command.Verb == FtpVerb.Quit)
            QuitReceived();
        _authUnanswered = command.Verb == FtpVerb.Auth && PassesAuth;
        TakeCommands();
    }

    private void QuitReceived()
    {
        _quitReceived = true;
        _data?.Tell(ClientQuits.Instance);
    }

    private void TakeCommands()
    {
        // Between RNFR and RNTO there is no place, not even for ABOR: what it is about is over for the server.
        while (!_ending && _serverLeg is not null && _conclusion is null && _commands.TryTakeNext(out var command))
            Act(command);
        EndIfOnlyTheServerOwes();
    }

    private void Act(FtpCommand command)
    {
        if (!_route.IsLoggedIn) // There is no other user then, whoever is named.
            _audit.Sees(command);
        if (_policy.Refusal(command) is { } refusal)
        {
            _authUnanswered &= command.Verb != FtpVerb.Auth; // It is answered here.
            Relay(refusal, command);
            return;
        }

        switch (command.Verb)
        {
            case FtpVerb.TooLong:
                Relay(FtpReplies.LineTooLong, command);
                break;
            case FtpVerb.User when _route.IsLoggedIn:
                Relay(FtpReplies.ReconnectForOther, command);
                break;
            case FtpVerb.Rein when _route.IsLoggedIn:
                Relay(FtpReplies.NotAfterLogin, command);
                break;
            case FtpVerb.Pasv or FtpVerb.Epsv:
                SetUpPassive(command);
                break;
            case FtpVerb.Port or FtpVerb.Eprt:
                SetUpActive(command);
                break;
            case FtpVerb.Abor when _commands.IsAborting:
                Relay(FtpReplies.Aborted, command); // The transfer is over for both sides.
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

    /// <summary>
    /// A command of our own within the turn of the client's, which is completed by whoever asks: until then nothing else of the client acts.
    /// Its final reply comes to <paramref name="then"/>; of none of its replies the client hears.
    /// </summary>
    private void Ask(FtpCommand own, Action<FtpReply> then)
    {
        SendToServer(own.Line);
        _commands.Inject(own);
        _asked.Add(own, then);
    }

    private void BeginTransfer(FtpCommand command)
    {
        if (_unavailable is { } gone)
        {
            (_over, _data) = (_data ?? _over, null); // The client has connected to it perhaps, and is to hear why first.
            RefuseTransfer(command, gone.Failure, gone.Reason, FtpReplies.CannotOpenDataConnection(gone.Reason));
            return;
        }

        if (_data is null)
        {
            UseDefaultDataPort(command);
            return;
        }

        if (!TryPrepareUpload(command))
            return;
        _abortSent = false;
        _dataStaysOpen = false;
        _audit.Begins(command, isSettledLater: _upload is not null);
        _data.Tell(new TransferBegins(command, _services.Time.GetTimestamp())
        {
            IsTemporary = _upload?.Temporary is not null,
            EndsInBand = _parameters.EndsInBand,
        });
        if (_quitReceived)
            _data.Tell(ClientQuits.Instance);
        SendToServer(_upload?.Line ?? command.Line);
        _commands.Sent(command);
    }

    /// <summary>The server never hears of it.</summary>
    private void RefuseTransfer(FtpCommand command, Failure failure, string reason, FtpReply reply)
    {
        _audit.Transferred(command, mode: null, bytes: 0, TimeSpan.Zero, failure, reason);
        Relay(reply, command);
    }
}
