using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Sessions.Data;

/// <content>
/// Transfers whose end is marked in the data (<see cref="TransferParameters.EndsInBand"/>): the server's reply settles them, and the same
/// data connection carries the next one until somebody closes it (RFC 959, section 3.2). Closing says nothing about a file then.
/// </content>
internal abstract partial class DataChannelActor
{
    private bool _isBetweenTransfers;

    // Of the transfers before this one.
    private long _bytesDownBefore;
    private long _bytesUpBefore;

    private bool IsBetweenTransfers => _isBetweenTransfers && !InTransfer && !IsBroken;

    /// <summary>Neither end has closed it: the reply, whatever it says, is about the transfer and not about the connection.</summary>
    private bool StaysOpen => _endsInBand && !_serverEof && !(IsUpload && _clientEof);

    /// <summary>Of the transfer in progress.</summary>
    private long Bytes => IsUpload ? _ends.BytesUp - _bytesUpBefore : _ends.BytesDown - _bytesDownBefore;

    private void NextMayFollow()
    {
        Report(staysOpen: true);
        (_bytesDownBefore, _bytesUpBefore) = (_ends.BytesDown, _ends.BytesUp);
        _direction = TransferDirection.None;
        _serverSucceeded = null;
        _aborting = false;
        _isBetweenTransfers = true;
    }

    private void CloseBetweenTransfers(string reason)
    {
        _failure = Failure.PeerClosed;
        _reason = reason;
        _settled = true;
        CloseListener();
        Context.Parent.Tell(new DataUnavailable(_failure, _reason)); // It stops us; or a transfer command is on its way, and Begin follows.
    }
}
