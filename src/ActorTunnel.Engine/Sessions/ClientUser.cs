using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using ActorTunnel.Engine.Net;

namespace ActorTunnel.Engine.Sessions;

/// <summary>
/// The user on this machine whose FTP client it is: the client's address is any local user's, and a data connection that another of them
/// makes first would get the file, or be it. Asked of the control connection once, and of each data connection before it is one.
/// </summary>
internal sealed class ClientUser
{
    private readonly uint? _uid;

    private ClientUser(uint? uid) => _uid = uid;

    /// <returns>Null: the client is not on this machine, or this system does not tell.</returns>
    public static ClientUser? Of(Socket control)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            var uid = Find(control);
            var isRemote = uid is null && !IPAddress.IsLoopback(TcpSocket.Unmapped(control.RemoteEndPoint).Address);
            return isRemote ? null : new ClientUser(uid);
        }
        catch (Exception silent) when (silent is IOException or SocketException or ObjectDisposedException)
        {
            return new ClientUser(null); // Whoever cannot be known is nobody's like.
        }
    }

    /// <summary>Why a data connection is not this user's; null: it is.</summary>
    public string? WhyNot(Socket data)
    {
        try
        {
            return _uid is not { } client ? "whose the control connection is cannot be told"
                : !OperatingSystem.IsLinux() || Find(data) is not { } other ? "whose it is cannot be told"
                : other != client ? $"it is of user {other}, the control connection of user {client}"
                : null;
        }
        catch (Exception silent) when (silent is IOException or SocketException or ObjectDisposedException)
        {
            return $"whose it is cannot be told: {silent.Message}";
        }
    }

    /// <summary>The other end is the one that is asked about.</summary>
    [SupportedOSPlatform("linux")]
    private static uint? Find(Socket socket) =>
        SocketOwner.Find(TcpSocket.Unmapped(socket.RemoteEndPoint), TcpSocket.Unmapped(socket.LocalEndPoint));
}
