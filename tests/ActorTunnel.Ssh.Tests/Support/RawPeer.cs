using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Channels;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Transport;
using ActorTunnel.Ssh.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>
/// The client's connection protocol without keys and login, and a server of the test's own making that may break every rule.
/// </summary>
internal sealed class RawPeer : IAsyncDisposable
{
    private static readonly PrivateKey _hostKey = PrivateKey.Generate("ecdsa-sha2-nistp256");

    private readonly PacketConnection _peer;

    public RawPeer(TimeProvider? time = null)
    {
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        var transport = new PacketConnection(clientEnd, time ?? TimeProvider.System);
        transport.Start();
        Client = new(new(transport, NullLogger.Instance), _hostKey.PublicKey);
        _peer = new(serverEnd, TimeProvider.System);
        _peer.Start();
        Stream = serverEnd;
    }

    public ClientConnection Client { get; }

    /// <summary>The peer's end, to break the packet format or to hang up.</summary>
    public Stream Stream { get; }

    public void Send<T>(T message)
        where T : IMessage => _peer.Output.Post(message);

    public void SendData(uint channel, int count)
    {
        var packet = new byte[ChannelDataHeader.Size - 1 + count];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(packet, channel);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(4), count);
        Send(new RawMessage(MessageNumber.ChannelData, packet));
    }

    public async Task<byte[]> ReadAsync() => (await _peer.ReadAsync().AsTask().WaitAsync(MemoryPair.Bound)).ToArray();

    public async Task<byte[]> ReadAsync(MessageNumber expected)
    {
        var packet = await ReadAsync();
        Assert.Equal(expected, (MessageNumber)packet[0]);
        return packet;
    }

    /// <summary>Lets the client open a channel; the peer's number is 7.</summary>
    public async Task<(ITunnelChannel Channel, uint Number)> OpenAsync(ChannelWindow window, uint sendWindow = 1000, uint maxPacket = 1000)
    {
        var opening = Client.OpenAsync("host", 21, new(0, 0), window, CancellationToken.None).AsTask();
        var open = ChannelOpenMessage.Parse(await ReadAsync(MessageNumber.ChannelOpen)).SenderChannel;
        Send(new ChannelOpenConfirmationMessage(open, 7, sendWindow, maxPacket));
        return (await opening.WaitAsync(MemoryPair.Bound), open);
    }

    public async Task<SshEnd> EndAsync() => await Client.Closed.WaitAsync(MemoryPair.Bound);

    public async ValueTask DisposeAsync()
    {
        _peer.End.TryEnd(SshFailure.ConnectionLost, "The test is over.");
        await _peer.Completion;
        _peer.Dispose();
        await Client.DisposeAsync();
    }
}

/// <summary>Whatever a test wants to send.</summary>
internal readonly record struct RawMessage(MessageNumber Number, byte[] Body) : IMessage
{
    public void Write(SshWriter writer) => writer.WriteBytes(Body);
}
