using System.Net;
using System.Net.Sockets;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>A TCP server on loopback that does one thing with each connection.</summary>
internal sealed class TcpTarget : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<NetworkStream, Task> _serve;
    private readonly Task _accepting;

    public TcpTarget(Func<NetworkStream, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Sends back what comes, to the end.</summary>
    public static TcpTarget Echo() => new(stream => stream.CopyToAsync(stream));

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return; // stopped
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await _serve(client.GetStream());
            }
            catch (IOException)
            {
                // The test has hung up.
            }
        }
    }
}
