using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Net;

namespace ActorTunnel.Engine.Tests.Support;

/// <summary>A real socket on loopback, as an FTP client has it.</summary>
internal sealed class DataSocket(Socket socket) : IDisposable
{
    public Socket Socket => socket;

    /// <summary>A listener, as an FTP client in active mode has it.</summary>
    public static Socket Listen(IPAddress? address = null)
    {
        var socket = new Socket((address ?? IPAddress.Loopback).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address ?? IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }

    public static async Task<DataSocket> ConnectAsync(IPEndPoint to, IPAddress? from = null)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (from is not null)
            socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(to).Soon();
        return new DataSocket(socket);
    }

    /// <summary>Whoever connects there is turned away by a reset, which the connect itself may see already.</summary>
    public static async Task ExpectTurnedAwayAsync(IPEndPoint to, IPAddress? from = null)
    {
        try
        {
            using var socket = await ConnectAsync(to, from);
            await socket.ExpectResetAsync();
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            // That is it.
        }
    }

    /// <summary>Two connected sockets.</summary>
    public static async Task<(DataSocket Client, Socket Accepted)> PairAsync(IPAddress? address = null, int? buffer = null)
    {
        using var listener = new Socket((address ?? IPAddress.Loopback).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (buffer is { } size)
            listener.ReceiveBufferSize = listener.SendBufferSize = size;
        listener.Bind(new IPEndPoint(address ?? IPAddress.Loopback, 0));
        listener.Listen();
        var socket = new Socket(listener.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (buffer is { } same)
            socket.ReceiveBufferSize = socket.SendBufferSize = same;
        // A port of its own, which no other socket shares.
        socket.Bind(new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
        await socket.ConnectAsync(listener.LocalEndPoint!).Soon();
        return (new DataSocket(socket), await listener.AcceptAsync().Soon());
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes).Soon()..];
    }

    /// <summary>FIN; the other direction stays open.</summary>
    public void Finish() => socket.Shutdown(SocketShutdown.Send);

    public void Reset() => TcpSocket.Reset(socket);

    /// <summary>Reads so many bytes, fewer only at a FIN.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        var have = 0;
        while (have < count && await socket.ReceiveAsync(bytes.AsMemory(have)).Soon() is > 0 and var read)
            have += read;
        return bytes[..have];
    }

    /// <summary>Everything up to the end, which must be a FIN.</summary>
    public async Task<byte[]> ReadToFinAsync()
    {
        var (bytes, wasReset) = await ReadToEndAsync();
        Assert.False(wasReset, $"The connection was reset after {bytes.Length} bytes.");
        return bytes;
    }

    /// <summary>The end must be a reset: what came before cannot be taken for a whole file.</summary>
    public async Task ExpectResetAsync()
    {
        var (bytes, wasReset) = await ReadToEndAsync();
        Assert.True(wasReset, $"The connection was closed in order after {bytes.Length} bytes.");
    }

    public void Dispose() => socket.Dispose();

    private async Task<(byte[] Bytes, bool WasReset)> ReadToEndAsync()
    {
        var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory()).Soon() is > 0 and var read)
                bytes.Write(buffer, 0, read);
            return (bytes.ToArray(), false);
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return (bytes.ToArray(), true);
        }
    }
}
