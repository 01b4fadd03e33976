using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Channels;

/// <summary>A channel the peer asked for. Its number is reserved until it is accepted or refused.</summary>
internal sealed class OfferedChannel(
    uint number, uint peerNumber, uint sendWindow, uint maxPacket, TcpipFields fields, ChannelTable channels, SendQueue output)
    : IOfferedChannel
{
    private int _answered;

    public string Host => fields.Host;

    public int Port => fields.Port;

    public string OriginatorAddress => fields.OriginatorAddress;

    public int OriginatorPort => fields.OriginatorPort;

    public ITunnelChannel Accept(ChannelWindow window)
    {
        var channel = new TunnelChannel(number, window, output);
        AnswerOnce();
        channel.Open(peerNumber, sendWindow, maxPacket);
        channels.Set(number, channel); // before the answer: data may follow it at once
        output.Post(new ChannelOpenConfirmationMessage(
            peerNumber, number, (uint)window.Initial, PacketLimits.MaxChannelData));
        return channel;
    }

    public void Refuse(ChannelOpenFailure reason, string description)
    {
        AnswerOnce();
        channels.Release(number);
        output.Post(new ChannelOpenFailureMessage(peerNumber, reason, description));
    }

    private void AnswerOnce()
    {
        if (Interlocked.Exchange(ref _answered, 1) != 0)
            throw new InvalidOperationException("The offered channel was accepted or refused already.");
    }
}
