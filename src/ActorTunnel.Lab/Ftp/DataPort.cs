using System.Net.Sockets;

namespace ActorTunnel.Lab.Ftp;

/// <summary>
/// Where the next data connection comes from (RFC 959 section 3.2). PASV and EPSV make the server listen and the client dial, PORT and
/// EPRT the other way round, so client and server share both kinds. One connection only.
/// </summary>
internal abstract class DataPort : IDisposable
{
    /// <summary>Waits for the data connection or makes it. The caller owns the socket.</summary>
    /// <exception cref="SocketException">It could not be made.</exception>
    public abstract Task<Socket> OpenAsync(CancellationToken cancellationToken);

    public abstract void Dispose();
}
