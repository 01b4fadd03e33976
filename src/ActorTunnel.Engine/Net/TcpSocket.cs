using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Net;

/// <summary>What TCP can say that <see cref="Socket"/> has no word for: reset, urgent data in line, "has the peer left?".</summary>
internal static class TcpSocket
{
    // Linux: IPPROTO_TCP, TCP_INFO, TCP_QUICKACK; tcpi_state is the first byte of struct tcp_info; TCP_ESTABLISHED, TCP_CLOSE.
    private const int IpProtoTcp = 6;
    private const int TcpInfo = 11;
    private const int TcpQuickAck = 12;
    private const byte TcpEstablished = 1;
    private const byte TcpClose = 7;

    private static readonly byte[] _on = [1, 0, 0, 0];

    /// <summary>Settings of every socket that carries a relayed connection.</summary>
    public static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        // Middleboxes forget idle control connections while a long transfer runs; FTP bytes must not be injected, so TCP keeps them alive.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
    }

    /// <summary>
    /// Connects to an address, from the address of ours that <paramref name="source"/> is; unless that is of the other family, or one of the
    /// two is loopback and the other is not: there is no way between such.
    /// </summary>
    /// <exception cref="SocketException">There is no connection.</exception>
    public static async Task<Socket> ConnectAsync(IPEndPoint endPoint, IPAddress source, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (source.AddressFamily == endPoint.AddressFamily && IPAddress.IsLoopback(source) == IPAddress.IsLoopback(endPoint.Address))
                socket.Bind(new IPEndPoint(source, 0));
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            Prepare(socket);
            return socket;
        }
        catch
        {
            Reset(socket); // It may be connected when it is given up: a FIN would be the end of an empty file.
            throw;
        }
    }

    /// <summary>
    /// Clients send ABOR with its Telnet DM as TCP urgent data (RFC 959, section 4.1.3). SSH has no urgent data: in line, no byte is lost.
    /// </summary>
    public static void ReceiveUrgentDataInline(Socket socket) =>
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline, true);

    /// <summary>
    /// Says something short to a peer that waits for it, and so has room for it: this does not wait. False when the connection is gone.
    /// </summary>
    public static bool TrySay(Socket socket, ReadOnlyMemory<byte> words)
    {
        try
        {
            return words.IsEmpty || (socket.Send(words.Span, SocketFlags.None, out var error) == words.Length && error == SocketError.Success);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Ends with a reset: the peer sees an error, never an end-of-file. The socket is closed.</summary>
    public static void Reset(Socket socket)
    {
        EndByReset(socket, true);
        socket.Dispose();
    }

    /// <summary>
    /// Whether closing this socket is a reset. Also the kernel closes sockets, of a process that is killed: while it is on, that is no
    /// end-of-file either.
    /// </summary>
    public static void EndByReset(Socket socket, bool isOn)
    {
        try
        {
            socket.LingerState = new LingerOption(isOn, 0);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // The connection is already gone, which is what a reset is for.
        }
    }

    /// <summary>
    /// True when the peer has closed or reset the connection, even while bytes that it sent before are still unread. Reading cannot
    /// tell: an end-of-file stands behind those bytes.
    /// </summary>
    public static bool HasPeerLeft(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
            return socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;
        return State(socket) != TcpEstablished;
    }

    /// <summary>
    /// True when the connection was reset, for a socket that has not shut down its own side: a peer's FIN alone leaves it half open.
    /// The kernel reports a reset once; when a send has heard of it, the next receive looks like an end-of-file.
    /// </summary>
    public static bool WasReset(Socket socket) => OperatingSystem.IsLinux() && State(socket) == TcpClose;

    /// <summary>
    /// Asks for immediate ACKs once more; Linux forgets the wish by itself. sshd keeps Nagle's algorithm on when it only forwards, and
    /// two small packets in a row would then wait 40 ms for a delayed ACK of ours.
    /// </summary>
    public static void AcknowledgeAtOnce(Socket socket)
    {
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(IpProtoTcp, TcpQuickAck, _on);
    }

    /// <summary>An IPv4 address that came as a v4-mapped IPv6 address is an IPv4 address: unmapped once, here.</summary>
    public static IPEndPoint Unmapped(EndPoint? endPoint)
    {
        var ip = (IPEndPoint)endPoint!;
        return ip.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(ip.Address.MapToIPv4(), ip.Port) : ip;
    }

    /// <summary>The same for who has connected to a listener on the SSH server. False when sshd does not tell an address.</summary>
    public static bool TryParseOriginator(IOfferedChannel channel, [NotNullWhen(true)] out IPEndPoint? originator)
    {
        originator = IPAddress.TryParse(channel.OriginatorAddress, out var address)
            ? Unmapped(new IPEndPoint(address, channel.OriginatorPort))
            : null;
        return originator is not null;
    }

    private static byte State(Socket socket)
    {
        try
        {
            Span<byte> info = stackalloc byte[8];
            return socket.GetRawSocketOption(IpProtoTcp, TcpInfo, info) == 0 ? TcpClose : info[0];
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            return TcpClose;
        }
    }
}
