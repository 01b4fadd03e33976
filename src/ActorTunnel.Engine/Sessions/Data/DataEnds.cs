using System.Net.Sockets;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions.Data;

/// <summary>
/// The two ends of one data connection, a socket here and a channel. FTP's rules speak of client and server; which of them is the
/// socket depends on the side that the client is on. It decides nothing: <see cref="DataChannelActor"/> owns it and says what happens.
/// </summary>
internal abstract class DataEnds : IDisposable
{
    /// <summary>The client is the socket; otherwise the server is.</summary>
    public abstract bool IsClientHere { get; }

    public bool HasClient => IsClientHere ? Socket is not null : Channel is not null;

    public bool HasServer => IsClientHere ? Channel is not null : Socket is not null;

    public bool AreJoined => Pump is not null;

    public abstract long BytesDown { get; }

    public abstract long BytesUp { get; }

    protected Socket? Socket { get; private set; }

    protected ITunnelChannel? Channel { get; private set; }

    protected RelayPump? Pump { get; private set; }

    public void Take(Socket socket)
    {
        // A server must not take it for an empty file when this process is killed before there is a pump.
        TcpSocket.EndByReset(socket, true);
        Socket = socket;
    }

    public void Take(ITunnelChannel channel) => Channel = channel;

    /// <summary>From now on bytes flow, and <paramref name="owner"/> hears what becomes of them. Both ends must be here.</summary>
    /// <param name="owner">The data channel.</param>
    /// <param name="rate">Bytes a second; null: as many as go.</param>
    /// <param name="time">The clock.</param>
    public void Join(IActorRef owner, long? rate, TimeProvider time)
    {
        Pump = new RelayPump(Socket!, Channel!, owner, rate, time);
        Pump.Start();
    }

    /// <summary>The client sees the end of the file.</summary>
    public abstract void FinishClient();

    /// <summary>The server sees the end of the file, or the answer to its own.</summary>
    public abstract void FinishServer();

    /// <summary>The client must not see an end of the file any more, as far as that can be said to it.</summary>
    public abstract void BreakClient(bool isUpload);

    /// <summary>The server sees its data connection end, if it has one; as broken, as far as that can be said to it.</summary>
    public abstract void BreakServer();

    /// <summary>Closes the socket in order, after both ends have seen what they should.</summary>
    public void Close() => Pump!.Dispose();

    /// <summary>Closes the channel. The socket was closed or broken before.</summary>
    public void Dispose() => Channel?.Abort();
}
