using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Transport;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Channels;

/// <summary>Opens channels towards the peer (RFC 4254, section 5.1). Answers come in on the receive loop, in any order.</summary>
internal sealed class ChannelOpener(ChannelTable channels, SendQueue output)
{
    private readonly Lock _gate = new(); // guards all below and what is abandoned; opens are posted under it, before their answers
    private readonly Dictionary<uint, PendingOpen> _pending = [];
    private SshException? _closed;

    public async ValueTask<ITunnelChannel> OpenAsync(
        string type, TcpipFields fields, ChannelWindow window, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _ = new ReceiveWindow(window); // a window that is not possible must not reach the receive loop
        if (channels.Reserve() is not { } number)
        {
            throw new ChannelOpenException(
                ChannelOpenFailure.ResourceShortage, $"There are {PacketLimits.MaxChannels} channels on this SSH connection already.");
        }

        var pending = new PendingOpen(window);
        try
        {
            lock (_gate)
            {
                // The connection may have ended since the number was reserved.
                if (_closed is not null)
                    throw new SshException(_closed.Failure, _closed.Message);
                output.Post(new TcpipOpenMessage(type, number, (uint)window.Initial, PacketLimits.MaxChannelData, fields));
                _pending.Add(number, pending);
            }
        }
        catch
        {
            channels.Release(number); // nothing was sent: a host name may be larger than a packet
            throw;
        }

        try
        {
            return await pending.Opened.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Abandon(pending);
            throw;
        }
    }

    public void OnConfirmation(ChannelOpenConfirmationMessage message)
    {
        var pending = Take(message.RecipientChannel);
        var channel = new TunnelChannel(message.RecipientChannel, pending.Window, output);
        channel.Open(message.SenderChannel, message.InitialWindow, message.MaximumPacket);
        channels.Set(message.RecipientChannel, channel);
        // RFC 4254 has no least packet size. With 0 no byte could ever be sent; that is this channel's trouble and no other's.
        var isUsable = message.MaximumPacket > 0;
        bool isAbandoned;
        lock (_gate)
        {
            isAbandoned = pending.IsAbandoned;
            if (isUsable)
                pending.Opened.TrySetResult(channel);
        }

        if (isAbandoned || !isUsable)
            channel.Abort();
        if (!isUsable)
        {
            pending.Opened.TrySetException(new ChannelOpenException(
                ChannelOpenFailure.ConnectFailed, "The peer opened a channel on which no byte can be sent: its packets have no size."));
        }
    }

    public void OnFailure(ChannelOpenFailureMessage message)
    {
        var pending = Take(message.RecipientChannel);
        channels.Release(message.RecipientChannel);
        var description = PeerText.Line(message.Description);
        pending.Opened.TrySetException(new ChannelOpenException(
            message.Reason,
            $"The peer refused to open a channel: {(description.Length > 0 ? description : message.Reason.ToString())}.",
            description));
    }

    /// <summary>The connection is over.</summary>
    public void Close(SshException cause)
    {
        List<PendingOpen> lost;
        lock (_gate)
        {
            _closed = cause;
            lost = [.. _pending.Values];
            _pending.Clear();
        }

        foreach (var pending in lost)
            pending.Opened.TrySetException(new SshException(cause.Failure, cause.Message));
    }

    private PendingOpen Take(uint number)
    {
        lock (_gate)
        {
            return _pending.Remove(number, out var pending)
                ? pending
                : throw new SshException(SshFailure.ProtocolError, $"The peer answered an open of channel {number} that nobody asked for.");
        }
    }

    private void Abandon(PendingOpen pending)
    {
        lock (_gate)
        {
            pending.IsAbandoned = true;
            if (!pending.Opened.Task.IsCompletedSuccessfully)
                return;
        }

        pending.Opened.Task.Result.Abort();
    }

    private sealed class PendingOpen(ChannelWindow window)
    {
        public ChannelWindow Window { get; } = window;

        public TaskCompletionSource<ITunnelChannel> Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsAbandoned { get; set; }
    }
}
