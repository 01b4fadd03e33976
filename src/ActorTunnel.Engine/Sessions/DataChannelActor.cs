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
internal abstract partial class DataChannelActor : ReceiveActor
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

    private readonly DataChannelContext _context;
    private ITimer? _timer;
    private int _timerGeneration;

    private Socket? _client;
    private ITunnelChannel? _channel;
    private RelayPump? _pump;

    private TransferDirection _direction;
    private bool? _serverSucceeded;
    private bool _clientEof;
    private bool _clientQuit;
    private bool _aborting;
    private bool _serverEof;
    private bool _eofSent;
    private bool _delivered;
    private bool _settled;
    private Failure _failure;
    private string _reason = "";

    protected DataChannelActor(DataChannelContext context)
    {
        _context = context;
        Transport = context.Transport;

        Receive<TransferBegins>(begins => Begin(begins.Direction));
        Receive<TransferEnds>(ends =>
        {
            _serverSucceeded = ends.Success;
            Settle();
        });
        Receive<TransferAborts>(_ =>
        {
            _aborting = InTransfer;
        });
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

    /// <summary>The SSH connection that the data goes over.</summary>
    protected ISshTransport Transport { get; set; }

    protected bool InTransfer => _direction != TransferDirection.None;

    protected bool IsBroken => _failure != Failure.None;

    /// <summary>The server must not see this data connection end before it has heard that the upload is broken.</summary>
    protected bool IsUpload => _direction == TransferDirection.Upload;

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
        if (IsUpload && !_eofSent && _serverSucceeded is null)
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
        if (IsBroken && !IsUpload)
            channel.Abort();
        StartPump();
    }

    /// <summary>Nothing more is accepted, neither from the client nor from the server.</summary>
    protected abstract void CloseListener();

    /// <summary>The server need not wait for its data connection: there will be none, and it has nothing that could look whole.</summary>
    protected virtual void RefuseServer()
    {
    }

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

        // Our parent stops us, and with us the channel; unless a transfer command is on its way already, and Begin follows.
        if (InTransfer)
            BreakTransfer();
        else
            Context.Parent.Tell(new DataUnavailable(failure, reason));
    }

    private void BreakTransfer()
    {
        if (_serverSucceeded is not null || _failure == Failure.ConnectionLost)
        {
            Done();
        }
        else if (IsUpload && !_eofSent)
        {
            Context.Parent.Tell(AbortTransfer.Instance);
            WaitAtMost(_aborting ? _abortPatience : _brokenUploadPatience);
        }
        else if (_channel is null)
        {
            Context.Parent.Tell(AbortTransfer.Instance);
            RefuseServer();
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
}
