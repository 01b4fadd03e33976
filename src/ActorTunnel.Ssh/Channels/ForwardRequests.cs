using System.Net.Sockets;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Transport;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Ssh.Channels;

/// <summary>
/// The client's global requests in the server role. Binding a port may take a while; the receive loop does not wait, and replies
/// come in the order of the requests (RFC 4254, section 4), because each is served after the one before.
/// </summary>
internal sealed class ForwardRequests(SshServerConnection connection, SshServerOptions options, SendQueue output, ILogger logger)
{
    /// <summary>Requests that wait for those before them.</summary>
    private const int MaxWaiting = 1024;

    private Task _last = Task.CompletedTask; // owned by the receive loop
    private int _waiting;

    public void Add(GlobalRequestMessage request)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
            throw new SshException(SshFailure.ProtocolError, "The peer makes requests faster than they can be served.");
        ForwardFields? fields = request.Name is GlobalRequestMessage.TcpipForward or GlobalRequestMessage.CancelTcpipForward
            ? ForwardFields.Parse(request.Data)
            : null;
        _last = ServeAsync(_last, request.Name, request.WantReply, fields);
    }

    private async Task ServeAsync(Task before, string name, bool wantReply, ForwardFields? fields)
    {
        await before.ConfigureAwait(false);
        RequestSuccessMessage? reply = null;
        try
        {
            if (fields is { } target)
                reply = await ServeAsync(name, target).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // The port is in use, or the address is not of this machine: refused.
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A callback has thrown: that costs its own request, not the replies to those behind it.
            logger.ForwardRequestFailed(exception, name);
        }

        Interlocked.Decrement(ref _waiting);
        if (!wantReply)
            return;
        if (reply is { } success)
            output.Post(success);
        else
            output.Post(new EmptyMessage(MessageNumber.RequestFailure));
    }

    /// <summary>Null when the request is refused.</summary>
    private async ValueTask<RequestSuccessMessage?> ServeAsync(string name, ForwardFields fields)
    {
        if (name == GlobalRequestMessage.TcpipForward)
        {
            return options.Listen is not null
                && await options.Listen(connection, fields.Address, fields.Port).ConfigureAwait(false) is { } port
                ? new RequestSuccessMessage(fields.Port == 0 ? port : null)
                : null;
        }

        return options.CancelListen is not null
            && await options.CancelListen(connection, fields.Address, fields.Port).ConfigureAwait(false)
            ? new RequestSuccessMessage(null)
            : null;
    }
}
