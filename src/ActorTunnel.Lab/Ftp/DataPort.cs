using System.Net.Sockets;

namespace ActorTunnel.Lab.Ftp;

/// <summary>
/// Where the next data connection comes from (RFC 959 section 3.2). PASV and EPSV make the server listen and the client dial, PORT and
/// EPRT the other way round, so client and server share both kinds. One connection only.
/// </summary>
internal abstract class DataPort : IDisposable
{
    /// <summary>Waits for the data connection or makes it. It then may stand still for as long as it may take to be made.</summary>
    /// <exception cref="DataConnectionException">It was refused, or not made in time.</exception>
    public async Task<DataSocket> OpenAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return new DataSocket(await ConnectAsync(either.Token), timeout, time);
        }
        catch (SocketException e)
        {
            throw new DataConnectionException($"No data connection: {e.SocketErrorCode}.", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DataConnectionException("No data connection was made in time.", e);
        }
    }

    public abstract void Dispose();

    protected abstract Task<Socket> ConnectAsync(CancellationToken cancellationToken);
}
