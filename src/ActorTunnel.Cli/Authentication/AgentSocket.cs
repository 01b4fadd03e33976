using System.Net.Sockets;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Authentication.Agent;

namespace ActorTunnel.Cli.Authentication;

/// <summary>The way to an SSH agent: a Unix socket.</summary>
internal static class AgentSocket
{
    /// <summary>An agent that is connected to when it is asked something.</summary>
    public static SshAgent Agent(string path, TimeProvider time) => new(token => ConnectAsync(path, token), time);

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        // ArgumentOutOfRangeException: a path that is longer than the address of a Unix socket may be.
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            socket?.Dispose();
            // .NET says of a path that leads nowhere that the address cannot be assigned.
            var why = File.Exists(path) ? exception.Message : "there is no such socket";
            throw new SshException(SshFailure.CredentialUnusable, $"the SSH agent at {path} cannot be reached: {why}", exception);
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }
}
