using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions.Data;

/// <content>How a transfer ends: what each end has said, and what the other may therefore see.</content>
internal abstract partial class DataChannelActor
{
    private bool _lookingAgain;
    private bool _lookedTwice;
    private long _begun;
    private long _bytesWhenLastAsked;

    private void Begin(TransferBegins begins)
    {
        _command = begins.Command;
        _direction = begins.Command.Direction;
        _isTemporary = begins.IsTemporary;
        _endsInBand = begins.EndsInBand;
        _begun = begins.Begun;
        if (IsBroken)
        {
            BreakTransfer(); // The command has crossed our DataUnavailable.
            return;
        }

        if (!_ends.AreJoined)
            WaitAtMost(_patience);
        if (_serverEof)
            ServerFinished();
        FinishUploadIfDue();
    }

    /// <summary>The client's end-of-file goes on only when its control connection shows that it still lives, or has said goodbye.</summary>
    private void FinishUploadIfDue()
    {
        if (!IsUpload || !_clientEof || IsBroken)
            return;
        if (_aborting)
            Break(Failure.PeerClosed, "the client aborted the upload");
        else if (_clientQuit || (!_context.Route.HasClientLeft && IsSecondLook()))
            SendEof();
        // Otherwise there is a second look; or the control channel is about to read the end, and ClientQuits or ClientLeft follows.
    }

    /// <summary>
    /// A client that is killed closes its connections one after another, its data connection perhaps first. So its control connection
    /// is looked at once more.
    /// </summary>
    private bool IsSecondLook()
    {
        if (_lookedTwice)
            return true;
        if (_lookingAgain)
            return false;
        var wait = _context.Route.WaitForSecondLookAsync(_context.Services.Time.GetElapsedTime(_begun), _isTemporary);
        if (wait is null)
            return true;
        _lookingAgain = true;
        // Who cannot be asked about the client any more is not told that it lives.
        wait.PipeTo(Self, success: () => SecondLookDue.Instance, failure: _ => ClientUnknown.Instance);
        return false;
    }

    private void ClientFinished()
    {
        _clientEof = true;
        if (IsBetweenTransfers)
        {
            _ends.FinishServer();
            CloseBetweenTransfers("the client has closed the data connection");
            return;
        }

        if (_direction == TransferDirection.Download)
            SendEof();
        FinishUploadIfDue();
    }

    private void ServerDelivered()
    {
        _delivered = true;
        if (IsBetweenTransfers)
        {
            _ends.FinishClient();
            CloseBetweenTransfers("the FTP server has closed the data connection");
            return;
        }

        Settle();
    }

    private void ServerFinished()
    {
        _serverEof = true;
        if (_direction == TransferDirection.Download)
            SendEof();
        if (InTransfer && _serverSucceeded is null)
            WaitAtMost(_patience);
    }

    private void SendEof()
    {
        if (_eofSent || IsBroken)
            return;
        _eofSent = true;
        _ends.FinishServer();
        if (IsUpload)
            Settle();
    }

    private void SocketLost()
    {
        _serverReset = !_ends.IsClientHere;
        Break(Failure.PeerReset, _serverReset ? "the server's data connection was lost" : "the client's data connection was lost");
    }

    private void ChannelEnded(ChannelEnd end)
    {
        // With the control channel on another one the session lives on, and the server hears ABOR.
        if (end == ChannelEnd.ConnectionLost)
            Break(Transport == _context.Transport ? Failure.ConnectionLost : Failure.PeerReset, "the SSH connection was lost");
        else if (!_ends.IsClientHere && !_settled && !(IsUpload && _channelEof))
            Break(Failure.PeerReset, "the client's data connection was lost");
        else if (_ends.IsClientHere && end == ChannelEnd.ClosedByPeer && !_serverEof && !_eofSent)
            Break(Failure.PeerClosed, "the server's data connection was closed without its end");
    }

    /// <summary>Is everything known that decides what the client may see? Then let it see that.</summary>
    private void Settle()
    {
        if (_serverSucceeded is not { } succeeded)
            return;
        if (!IsBroken && StaysOpen)
        {
            NextMayFollow();
        }
        else if (IsBroken || !succeeded)
        {
            Done();
        }
        else if (IsUpload)
        {
            if (_eofSent || _endsInBand)
                Succeed();
            else
                Break(Failure.PeerClosed, "the server ended the upload before the client did");
        }
        else if (_delivered)
        {
            _ends.FinishClient();
            Succeed();
        }
        else
        {
            WaitAtMost(_patience); // The reply has overtaken the data, or the client has yet to connect.
        }
    }

    private void Succeed()
    {
        _settled = true;
        Done();
    }

    /// <summary>
    /// The parent stops us when the client has the reply: where no reset can be sent, the data connection ends behind it.
    /// </summary>
    private void Done()
    {
        if (_settled)
            KeepListener();
        else
            _ends.BreakClient(IsUpload); // Before the reply: the client must not find a clean end behind a 426.
        Report(staysOpen: false);
        Become(Over);
    }

    private void Report(bool staysOpen)
    {
        StopWaiting();
        var bytes = Bytes;
        var (failure, reason) = IsBroken || _serverSucceeded is true
            ? (_failure, _reason)
            : (Failure.FtpServer, $"the FTP server answered {_serverReply}");
        _context.Logger.TransferEnded(
            _context.SessionId, Self.Path.Name, _direction, _ends.BytesDown, _ends.BytesUp, failure.Word());
        Audit(failure, reason);
        Context.Parent.Tell(new DataDone(_failure, _reason, WasConnected: _ends.AreJoined) { Bytes = bytes, StaysOpen = staysOpen });
    }

    /// <summary>Once for each transfer.</summary>
    private void Audit(Failure failure, string reason)
    {
        if (_command is not { } command)
            return;
        _command = null;
        var duration = _context.Services.Time.GetElapsedTime(_begun);
        _context.Audit.Transferred(command, _context.Mode, Bytes, duration, failure, reason);
    }

    /// <summary>Nothing that is said now changes the outcome.</summary>
    private void Over() => Receive<object>(late => (late as ICarriesResource)?.Release());

    private void RunOutOfPatience()
    {
        var bytes = _ends.BytesDown;
        if (IsBroken && MayServerSeeEnd && !_serverReset)
            EndServer();
        else if (IsBroken)
            Done();
        else if (_delivered is false && bytes != _bytesWhenLastAsked)
            WaitAtMost(_patience); // A slow client still takes what is on the way to it.
        else if (!_ends.AreJoined)
            Break(Failure.Timeout, !_ends.HasClient ? "no data connection was made in time" : "the server made no data connection in time");
        else if (_serverSucceeded is null)
            Break(Failure.Timeout, "the server did not say in time how the transfer ended");
        else
            Break(Failure.Timeout, "not all data reached the client in time");
        _bytesWhenLastAsked = bytes;
    }

    /// <summary>It has heard ABOR and not answered; now it sees that its data connection is over.</summary>
    private void EndServer()
    {
        _serverReset = true;
        _ends.BreakServer();
        RefuseServer();
        WaitAtMost(_patience);
    }

    private sealed record ClientUnknown
    {
        public static ClientUnknown Instance { get; } = new();
    }

    private sealed record SecondLookDue
    {
        public static SecondLookDue Instance { get; } = new();
    }
}
