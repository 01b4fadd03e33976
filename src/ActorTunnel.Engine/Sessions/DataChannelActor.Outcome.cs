using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Net;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions;

/// <content>How a transfer ends: what each end has said, and what the other may therefore see.</content>
internal abstract partial class DataChannelActor
{
    /// <summary>
    /// A client that is killed closes its connections one after another, its data connection perhaps first. So its control connection
    /// is looked at once more after this time, or after a tenth of the transfer's time if that is less: short uploads lose nothing.
    /// </summary>
    private static readonly TimeSpan _secondLookAfter = TimeSpan.FromMilliseconds(10);

    private ITimer? _secondLook;
    private bool _lookedTwice;
    private long _begun;
    private long _bytesWhenLastAsked;

    private void Begin(TransferDirection direction)
    {
        _direction = direction;
        _begun = _context.Services.Time.GetTimestamp();
        if (IsBroken)
        {
            BreakTransfer(); // The command has crossed our DataUnavailable.
            return;
        }

        if (_pump is null)
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
        else if (_clientQuit || (!TcpSocket.HasPeerLeft(_context.ControlSocket) && IsSecondLook()))
            SendEof();
        // Otherwise there is a second look; or the control channel is about to read the end, and ClientQuits or ClientLeft follows.
    }

    private bool IsSecondLook()
    {
        var tenth = _context.Services.Time.GetElapsedTime(_begun) / 10;
        if (_lookedTwice || tenth < TimeSpan.FromMilliseconds(1))
            return true;
        var self = Self;
        _secondLook ??= _context.Services.Time.CreateTimer(
            _ => self.Tell(SecondLookDue.Instance), null, tenth < _secondLookAfter ? tenth : _secondLookAfter, Timeout.InfiniteTimeSpan);
        return false;
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
        if (_eofSent)
            return;
        _eofSent = true;
        _pump!.FinishChannel();
        if (IsUpload)
            Settle();
    }

    private void ChannelEnded(ChannelEnd end)
    {
        // With the control channel on another one the session lives on, and the server hears ABOR.
        if (end == ChannelEnd.ConnectionLost)
            Break(Transport == _context.Transport ? Failure.ConnectionLost : Failure.PeerReset, "the SSH connection was lost");
        else if (end == ChannelEnd.ClosedByPeer && !_serverEof && !_eofSent)
            Break(Failure.PeerClosed, "the SSH server closed the data channel");
    }

    /// <summary>Is everything known that decides what the client may see? Then let it see that.</summary>
    private void Settle()
    {
        if (_serverSucceeded is not { } succeeded)
            return;
        if (IsBroken || !succeeded)
        {
            Done();
        }
        else if (IsUpload)
        {
            if (_eofSent)
                Succeed();
            else
                Break(Failure.PeerClosed, "the server ended the upload before the client did");
        }
        else if (_delivered)
        {
            _pump!.FinishSocket();
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

    private void Done()
    {
        if (!_settled)
            ResetClient(); // Before the reply: the client must not find a clean end behind a 426.
        Context.Parent.Tell(new DataDone(_failure, _reason, WasConnected: _pump is not null));
        _context.Logger.TransferEnded(
            _context.SessionId, Self.Path.Name, _direction, _pump?.BytesToSocket ?? 0, _pump?.BytesToChannel ?? 0, _failure.Word());
        Context.Stop(Self);
    }

    private void RunOutOfPatience()
    {
        var bytes = _pump?.BytesToSocket ?? 0;
        if (IsBroken)
            Done();
        else if (_delivered is false && bytes != _bytesWhenLastAsked)
            WaitAtMost(_patience); // A slow client still takes what is on the way to it.
        else if (_pump is null)
            Break(Failure.Timeout, _client is null ? "no data connection was made in time" : "the server made no data connection in time");
        else if (_serverSucceeded is null)
            Break(Failure.Timeout, "the server did not say in time how the transfer ended");
        else
            Break(Failure.Timeout, "not all data reached the client in time");
        _bytesWhenLastAsked = bytes;
    }

    private sealed record SecondLookDue
    {
        public static SecondLookDue Instance { get; } = new();
    }
}
