using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Sessions.Socks;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions.Data;

/// <summary>
/// One PASV or PORT event: the data connection of client and server, and the truth about what went through.
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
/// With a remote forward the sides are exchanged: there the server can see a reset, and the client cannot
/// (<see cref="LocalServerEnds"/>).
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

    /// <summary>
    /// What a server gets to answer ABOR that may then see its data connection end. It must not come first: a reset may overtake bytes that
    /// the server has acknowledged, and ABOR says whose fault it is.
    /// </summary>
    private static readonly TimeSpan _resetPatience = TimeSpan.FromSeconds(2);

    private readonly DataChannelContext _context;
    private readonly DataEnds _ends;
    private ITimer? _timer;
    private int _timerGeneration;

    // The transfer in progress, until audit has been told of it.
    private FtpCommand? _command;
    private TransferDirection _direction;
    private bool _isTemporary;
    private bool _endsInBand;
    private bool? _serverSucceeded;
    private int _serverReply;
    private bool _channelEof;
    private bool _clientEof;
    private bool _clientQuit;
    private bool _aborting;
    private bool _serverEof;

    // Nothing more can be done to the server's data connection: it was broken, by the server or by us.
    private bool _serverReset;
    private bool _eofSent;
    private bool _delivered;
    private bool _settled;
    private Failure _failure;
    private string _reason = "";

    protected DataChannelActor(DataChannelContext context, DataEnds ends)
    {
        _context = context;
        _ends = ends;
        Transport = context.Transport;
        context.Meter.Read(ends);

        Receive<TransferBegins>(Begin);
        Receive<TransferStarts>(_ => TransferStarted());
        Receive<TransferEnds>(ends =>
        {
            if (ends.Success)
                TransferStarted(); // Should the server have said nothing before.
            _serverSucceeded = ends.Success;
            _serverReply = ends.Code;
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
        Receive<ClientLeft>(left => Break(left.Failure, left.Reason));

        Receive<RelayEvent.ChannelEof>(_ =>
        {
            _channelEof = true;
            if (_ends.IsClientHere)
                ServerFinished();
        });
        Receive<RelayEvent.Delivered>(_ =>
        {
            if (_ends.IsClientHere)
                ServerDelivered();
            else
                ClientFinished();
        });
        Receive<RelayEvent.SocketEof>(_ =>
        {
            if (_ends.IsClientHere)
            {
                ClientFinished();
            }
            else
            {
                ServerFinished();
                ServerDelivered();
            }
        });
        Receive<RelayEvent.SocketLost>(_ => SocketLost());
        Receive<RelayEvent.ChannelEnded>(ended => ChannelEnded(ended.End));
        Receive<SecondLookDue>(_ =>
        {
            _lookedTwice = true;
            FinishUploadIfDue();
        });
        Receive<ClientUnknown>(_ => Break(Failure.ConnectionLost, "the SSH server does not answer whether the client is still there"));
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

    /// <summary>Why it is broken; <see cref="Failure.None"/>: it is not.</summary>
    protected Failure Cause => _failure;

    /// <summary>The server must not see this data connection end before it has heard that the upload is broken.</summary>
    protected bool IsUpload => _direction == TransferDirection.Upload;

    /// <summary>No end of a broken upload is taken for the end of a file: it is a reset, or the file has not its name yet.</summary>
    private bool MayServerSeeEnd => !_ends.IsClientHere || _isTemporary;

    protected override void PostStop()
    {
        _timer?.Dispose();
        // Whatever ends this actor before the outcome is known must not look like an end-of-file to the client.
        if (_settled)
            _ends.Close();
        else
            _ends.BreakClient(IsUpload);
        CloseListener();
        // The same towards the server: it must see its control connection end before the data of an unfinished upload does.
        if (IsUpload && !_eofSent && _serverSucceeded is null)
            _context.ServerControl.Dispose();
        _ends.BreakServer();
        _ends.Dispose();
        var why = _context.Audit.WhyUnfinished;
        Audit(IsBroken ? _failure : why.Failure, IsBroken ? _reason : why.Reason);
    }

    /// <summary>Whether a connection to us is of the client's user, if that matters; if not, the log has it.</summary>
    protected bool IsOfClientUser(Socket socket)
    {
        if (_context.Route.ClientUser?.WhyNot(socket) is not { } why)
            return true;
        var peer = TcpSocket.Unmapped(socket.RemoteEndPoint).ToString();
        _context.Logger.ForeignDataUser(_context.SessionId, Self.Path.Name, peer, why, _context.Audit.Who);
        return false;
    }

    /// <summary>The same for the client of a BIND, which is refused then, and the transfer with it.</summary>
    protected bool Admits(BoundClient bound)
    {
        if (!IsBroken && IsOfClientUser(bound.Socket))
            return true;
        bound.Refuse(IsBroken ? Cause : Failure.Policy);
        Break(Failure.Policy, "the BIND is not of the client's user");
        return false;
    }

    /// <summary>The data connection of this side is here.</summary>
    protected void Take(Socket socket)
    {
        _ends.Take(socket);
        Arrived();
    }

    /// <summary>The data connection of the side behind SSH is here.</summary>
    protected void Take(ITunnelChannel channel)
    {
        _ends.Take(channel);
        Arrived();
    }

    /// <summary>Nothing more is accepted, neither from the client nor from the server.</summary>
    protected abstract void CloseListener();

    /// <summary>This transfer ended in order: a listener that could serve another need not be closed.</summary>
    protected virtual void KeepListener()
    {
    }

    /// <summary>The server uses its data connection. May come more than once.</summary>
    protected virtual void TransferStarted()
    {
    }

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
        _context.Logger.DataChannelBroken(_context.SessionId, Self.Path.Name, failure.Word(), reason, _context.Audit.Who);

        // Before the client sees it, so that its next command comes behind this news. Our parent stops us, and with us both ends; unless a
        // transfer command is on its way already, and Begin follows.
        if (!InTransfer)
            Context.Parent.Tell(new DataUnavailable(failure, reason));
        _ends.BreakClient(IsUpload);
        if (InTransfer)
            BreakTransfer();
    }

    private void BreakTransfer()
    {
        if (_serverSucceeded is not null || (_ends.IsClientHere && _failure == Failure.ConnectionLost))
        {
            Done();
        }
        else if (_serverReset)
        {
            WaitAtMost(_patience); // It has given up by itself, and will say why.
        }
        else if (IsUpload && !_eofSent)
        {
            Context.Parent.Tell(AbortTransfer.Instance);
            WaitAtMost(MayServerSeeEnd ? _resetPatience : _aborting ? _abortPatience : _brokenUploadPatience);
        }
        else if (!_ends.HasServer)
        {
            _serverReset = true;
            Context.Parent.Tell(AbortTransfer.Instance);
            RefuseServer();
            WaitAtMost(_patience);
        }
        else
        {
            _serverReset = true;
            if (!IsUpload)
                _ends.BreakServer(); // An upload has been sent to its end: it is whole, whatever became of the rest.
            WaitAtMost(_patience);
        }
    }

    private void Arrived()
    {
        if (IsBroken)
        {
            _ends.BreakClient(IsUpload);
            if (!IsUpload || _serverReset)
                _ends.BreakServer();
        }
        else if (_ends is { HasClient: true, HasServer: true })
        {
            if (_serverSucceeded is null)
                StopWaiting(); // Otherwise the data is late, and is still not waited for without end.
            _ends.Join(Self, _context.Options.Restrictions.TransferRate, _context.Services.Time);
        }
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
