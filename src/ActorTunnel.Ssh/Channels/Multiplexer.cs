using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Transport;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Ssh.Channels;

/// <summary>
/// The connection protocol (RFC 4254): the receive loop hands each message to whom it concerns and never waits for anybody. The
/// same for both roles.
/// </summary>
internal sealed class Multiplexer : IAsyncDisposable
{
    private readonly IPacketConnection _connection;
    private readonly ILogger _logger;
    private readonly ChannelTable _channels = new();
    private readonly ChannelOpener _opener;
    private readonly TaskCompletionSource<SshEnd> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IConnectionRole? _role;
    private Task _receiving = Task.CompletedTask;

    public Multiplexer(IPacketConnection connection, ILogger logger)
    {
        _connection = connection;
        _logger = logger;
        _opener = new(_channels, Output);
        Requests = new(Output);
    }

    /// <summary>Completes when all channels and requests have heard of the connection's end.</summary>
    public Task<SshEnd> Closed => _closed.Task;

    public SendQueue Output => _connection.Output;

    public TimeProvider Time => _connection.Time;

    public long LastReceived => _connection.LastReceived;

    public int ChannelCount => _channels.Count;

    public GlobalRequests Requests { get; }

    public void Start(IConnectionRole role)
    {
        _role = role;
        _receiving = ReceiveAsync();
        _ = EndWithConnectionAsync();
    }

    public ValueTask<ITunnelChannel> OpenAsync(
        string type, TcpipFields fields, ChannelWindow window, CancellationToken cancellationToken) =>
        _opener.OpenAsync(type, fields, window, cancellationToken);

    public void Abort(SshFailure failure, string message) => _connection.End.TryEnd(failure, message);

    public async ValueTask DisposeAsync()
    {
        _connection.End.TryEnd(SshFailure.ClosedLocally, "The SSH connection was closed.");
        await _connection.Completion.ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
                Dispatch((await _connection.ReadAsync().ConfigureAwait(false)).Span);
        }
        catch (SshException exception)
        {
            _connection.End.TryEnd(exception);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A sink or receiver has thrown. The loop cannot go on in an unknown state, and must not stop without an end.
            _logger.ReceiverFailed(exception);
            _connection.End.TryEnd(SshFailure.ClosedLocally, $"A receiver of SSH channel data failed: {exception.Message}");
        }
        finally
        {
            _connection.Dispose();
        }
    }

    private async Task EndWithConnectionAsync()
    {
        var end = await _connection.End.Cause.ConfigureAwait(false);
        _logger.ConnectionEnded(end.Failure, end.Message);
        var cause = new SshException(end.Failure, end.Message);
        _channels.Close(cause);
        _opener.Close(cause);
        Requests.Close(cause);
        _closed.SetResult(end);
    }

    private void Dispatch(ReadOnlySpan<byte> packet)
    {
        switch ((MessageNumber)packet[0])
        {
            case MessageNumber.ChannelData:
                _channels.Get(ChannelDataHeader.Parse(packet, out var data)).OnData(data);
                break;
            case MessageNumber.ChannelWindowAdjust:
                var adjust = ChannelWindowAdjustMessage.Parse(packet);
                _channels.Get(adjust.RecipientChannel).OnWindowAdjust(adjust.BytesToAdd);
                break;
            case MessageNumber.ChannelExtendedData:
                _channels.Get(ChannelDataHeader.ParseExtended(packet, out var extended)).OnExtendedData(extended.Length);
                break;
            case MessageNumber.ChannelEof:
                _channels.Get(ChannelSignalMessage.ParseRecipient(packet)).OnEof();
                break;
            case MessageNumber.ChannelClose:
                OnClose(ChannelSignalMessage.ParseRecipient(packet));
                break;
            case MessageNumber.ChannelOpen:
                OnOpen(ChannelOpenMessage.Parse(packet));
                break;
            case MessageNumber.ChannelOpenConfirmation:
                _opener.OnConfirmation(ChannelOpenConfirmationMessage.Parse(packet));
                break;
            case MessageNumber.ChannelOpenFailure:
                _opener.OnFailure(ChannelOpenFailureMessage.Parse(packet));
                break;
            case MessageNumber.ChannelRequest:
                OnChannelRequest(ChannelRequestMessage.Parse(packet));
                break;
            case MessageNumber.GlobalRequest:
                _role!.OnGlobalRequest(GlobalRequestMessage.Parse(packet));
                break;
            case MessageNumber.RequestSuccess:
                Requests.OnReply(isSuccess: true, packet);
                break;
            case MessageNumber.RequestFailure:
                Requests.OnReply(isSuccess: false, packet);
                break;
            case MessageNumber.UserauthRequest:
                break; // RFC 4252, section 5.1: silently ignored after success
            case MessageNumber.ChannelSuccess or MessageNumber.ChannelFailure:
                throw KeyExchangeLayer.Unexpected(packet[0]); // this side makes no channel requests
            default:
                Output.Post(new UnimplementedMessage(_connection.SequenceNumber));
                break;
        }
    }

    private void OnOpen(ChannelOpenMessage message)
    {
        if (message.Type != _role!.AcceptedChannelType)
        {
            Refuse(ChannelOpenFailure.UnknownChannelType, $"only {_role.AcceptedChannelType} channels are served", message.SenderChannel);
            return;
        }

        if (message.MaximumPacket == 0)
        {
            Refuse(ChannelOpenFailure.ConnectFailed, "packets of no size carry nothing", message.SenderChannel);
            return;
        }

        var fields = TcpipFields.Parse(message.TypeFields);
        if (_role.FindReceiver(fields) is not { } receiver)
            Refuse(ChannelOpenFailure.AdministrativelyProhibited, "forwarding is not allowed here", message.SenderChannel);
        else if (_channels.Reserve() is not { } number)
            Refuse(ChannelOpenFailure.ResourceShortage, "too many channels", message.SenderChannel);
        else
        {
            receiver(new OfferedChannel(
                number, message.SenderChannel, message.InitialWindow, message.MaximumPacket, fields, _channels, Output));
        }
    }

    private void Refuse(ChannelOpenFailure reason, string description, uint peerNumber) =>
        Output.Post(new ChannelOpenFailureMessage(peerNumber, reason, description));

    private void OnClose(uint number)
    {
        _channels.Get(number).OnClose();
        _channels.Release(number);
    }

    /// <summary>No request means anything on a forwarded connection, but each that wants an answer gets one.</summary>
    private void OnChannelRequest(ChannelRequestMessage request)
    {
        var channel = _channels.Get(request.RecipientChannel);
        if (request.WantReply)
            channel.RefuseRequest();
    }
}
