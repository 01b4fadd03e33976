using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions;

/// <summary>
/// One PASV or PORT event: the data connection of the client, the channel to the server, and the truth about what went through.
/// Child of the control channel, never restarted. How the two ends are opened is the matter of the derived classes.
/// </summary>
/// <remarks>
/// FTP's stream mode says "the file ends here" by closing the data connection (RFC 959, section 3.4.1), so the two ends are closed in
/// an order that never lets a broken file look whole:
/// <list type="bullet">
/// <item>Download: the channel's end-of-file is answered at once (ProFTPD waits for it before its 226), but the FIN to the client
/// waits for the server's final reply: success gives FIN, anything else a reset.</item>
/// <item>Upload: the client's FIN is end-of-file only while its control connection lives. SSH cannot carry a reset to the server, so a
/// broken upload keeps the channel open until the server has heard ABOR, or has given up by itself.</item>
/// </list>
/// </remarks>
internal abstract class DataChannelActor : ReceiveActor
{
    /// <summary>From the start of a transfer to the client's data connection; and from the end of the data to the server's reply.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a broken upload waits for the server's answer to ABOR. Some servers (vsftpd) do not look at their control connection
    /// during a transfer and would take the closed data connection for the end of the file; they give up after 300 s without data.
    /// </summary>
    private static readonly TimeSpan _brokenUploadPatience = TimeSpan.FromSeconds(330);

    /// <summary>The same after the client's own ABOR: the client knows that the file is not whole, and waits for an answer.</summary>
    private static readonly TimeSpan _abortPatience = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A client that is killed closes its connections one after another, its data connection perhaps first. So its control connection
    /// is looked at once more after this time, or after a tenth of the transfer's time if that is less: short uploads lose nothing.
    /// </summary>
    private static readonly TimeSpan _secondLookAfter = TimeSpan.FromMilliseconds(10);

    private readonly DataChannelContext _context;
    private ITimer? _timer;
    private ITimer? _secondLook;
    private long _begun;
    private int _timerGeneration;

    private Socket? _client;
    private ITunnelChannel? _channel;
    private RelayPump? _pump;

    private TransferDirection _direction;
    private bool? _serverSucceeded;
    private bool _clientEof;
    private bool _clientQuit;
    private bool _lookedTwice;
    private bool _aborting;
    private bool _serverEof;
    private bool _eofSent;
    private bool _delivered;
    private bool _settled;
    private long _bytesWhenLastAsked;
    private Failure _failure;
    private string _reason = "";

    protected DataChannelActor(DataChannelContext context)
    {
        _context = context;

        Receive<TransferBegins>(begins => Begin(begins.Direction));
        Receive<TransferEnds>(ends =>
        {
            _serverSucceeded = ends.Success;
            Settle();
        });
        Receive<TransferAborts>(_ => _aborting = true);
        Receive<ClientQuits>(_ =>
        {
            _clientQuit = true;
            FinishUploadIfDue();
        });
        Receive<ClientLeft>(left => Break(left.Failure, "the client has left"));

        Receive<RelayEvent.SocketEof>(_ =>
        {
            _clientEof = true;
            if (_direction == TransferDirection.Download)
                SendEof();
            FinishUploadIfDue();
        });
        Receive<RelayEvent.SocketLost>(_ => Break(Failure.PeerReset, "the client's data connection was lost"));
        Receive<RelayEvent.ChannelEof>(_ => ServerFinished());
        Receive<RelayEvent.Delivered>(_ =>
        {
            _delivered = true;
            Settle();
        });
        Receive<RelayEvent.ChannelEnded>(ended => ChannelEnded(ended.End));
        Receive<SecondLookDue>(_ =>
        {
            _lookedTwice = true;
            FinishUploadIfDue();
        });
        Receive<PatienceEnded>(ended =>
        {
            if (ended.Generation == _timerGeneration)
                RunOutOfPatience();
        });
    }

    protected DataChannelContext Session => _context;

    protected bool InTransfer => _direction != TransferDirection.None;

    protected bool IsBroken => _failure != Failure.None;

    protected override void PostStop()
    {
        _timer?.Dispose();
        _secondLook?.Dispose();
        // Whatever ends this actor before the outcome is known must not look like an end-of-file to the client.
        if (_settled)
            _pump!.Dispose();
        else
            ResetClient();
        CloseListener();
        // The same towards the server: it must see its control connection end before the data of an unfinished upload does.
        if (_direction == TransferDirection.Upload && !_eofSent && _serverSucceeded is null)
            _context.ServerControl.Abort();
        _channel?.Abort();
    }

    /// <summary>The client's data connection is here.</summary>
    protected void ClientConnected(Socket client)
    {
        _client = client;
        StartPump();
    }

    /// <summary>The channel to the server's data connection is here.</summary>
    protected void ChannelOpened(ITunnelChannel channel)
    {
        _channel = channel;
        StartPump();
    }

    /// <summary>Nothing more is accepted, neither from the client nor from the server.</summary>
    protected abstract void CloseListener();

    /// <summary>Our side of this data channel is broken; the first cause wins.</summary>
    protected void Break(Failure failure, string reason)
    {
        if (IsBroken)
            return;
        _failure = failure;
        _reason = reason;
        CloseListener();
        ResetClient();
        _context.Logger.DataChannelBroken(_context.SessionId, Self.Path.Name, failure.Word(), reason);

        if (!InTransfer)
        {
            Context.Parent.Tell(new DataUnavailable(failure, reason));
            _channel?.Abort();
        }
        else if (_serverSucceeded is not null || failure == Failure.ConnectionLost)
        {
            Done();
        }
        else if (_direction == TransferDirection.Upload && !_eofSent)
        {
            Context.Parent.Tell(AbortTransfer.Instance);
            WaitAtMost(_aborting ? _abortPatience : _brokenUploadPatience);
        }
        else if (_channel is null)
        {
            Context.Parent.Tell(AbortTransfer.Instance);
            WaitAtMost(_patience);
        }
        else
        {
            _channel.Abort();
            WaitAtMost(_patience);
        }
    }

    private void StartPump()
    {
        if (_client is null || _channel is null || IsBroken)
            return;
        if (_serverSucceeded is null)
            StopWaiting(); // Otherwise the data is late, and is still not waited for without end.
        _pump = new RelayPump(_client, _channel, Self);
        _pump.Start();
    }

    private void Begin(TransferDirection direction)
    {
        _direction = direction;
        _begun = _context.Services.Time.GetTimestamp();
        if (IsBroken)
            Context.Parent.Tell(AbortTransfer.Instance); // The command has crossed our DataUnavailable.
        if (_pump is null)
            WaitAtMost(_patience);
        if (_serverEof)
            ServerFinished();
        FinishUploadIfDue();
    }

    /// <summary>The client's end-of-file goes on only when its control connection shows that it still lives, or has said goodbye.</summary>
    private void FinishUploadIfDue()
    {
        if (_direction != TransferDirection.Upload || !_clientEof || IsBroken)
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
        if (_direction == TransferDirection.Upload)
            Settle();
    }

    private void ChannelEnded(ChannelEnd end)
    {
        if (end == ChannelEnd.ConnectionLost)
            Break(Failure.ConnectionLost, "the SSH connection was lost");
        else if (end == ChannelEnd.ClosedByPeer && !_serverEof && !_eofSent)
            Break(Failure.PeerClosed, "the SSH server closed the data channel");
    }

    /// <summary>Is everything known that decides what the client may see? Then let it see that.</summary>
    private void Settle()
    {
        if (_serverSucceeded is not { } succeeded)
            return;
        if (IsBroken)
        {
            Done();
        }
        else if (!succeeded)
        {
            Done();
        }
        else if (_direction == TransferDirection.Upload)
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
        else
            Break(Failure.Timeout, "the server did not say in time how the transfer ended");
        _bytesWhenLastAsked = bytes;
    }

    private void ResetClient()
    {
        if (_pump is not null)
            _pump.Reset();
        else if (_client is not null)
            TcpSocket.Reset(_client);
    }

    private void WaitAtMost(TimeSpan time)
    {
        StopWaiting();
        var ended = new PatienceEnded(_timerGeneration);
        var self = Self;
        _timer = _context.Services.Time.CreateTimer(_ => self.Tell(ended), null, time, Timeout.InfiniteTimeSpan);
    }

    private void StopWaiting()
    {
        _timerGeneration++;
        _timer?.Dispose();
    }

    private sealed record PatienceEnded(int Generation);

    private sealed record SecondLookDue
    {
        public static SecondLookDue Instance { get; } = new();
    }
}
