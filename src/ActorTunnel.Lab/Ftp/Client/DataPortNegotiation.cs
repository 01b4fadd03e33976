using System.Net;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Lab.Ftp.Client;

/// <summary>Agrees with the server on who listens where for the next data connection.</summary>
internal sealed class DataPortNegotiation(ControlDialogue dialogue)
{
    private IPAddress Local => dialogue.Control.Local.Address;

    private IPAddress Peer => dialogue.Control.Remote.Address;

    public Task<DataPort> AskAsync(DataMode mode, CancellationToken cancellationToken) => mode switch
    {
        DataMode.Passive => DialAsync("PASV", cancellationToken),
        DataMode.ExtendedPassive => DialAsync("EPSV", cancellationToken),
        DataMode.Active => ListenAsync(endPoint => "PORT " + HostPort.Format(endPoint), cancellationToken),
        _ => ListenAsync(endPoint => "EPRT " + ExtendedAddress.Format(endPoint), cancellationToken),
    };

    private async Task<DataPort> DialAsync(string command, CancellationToken cancellationToken)
    {
        var reply = await dialogue.SendAsync(command, cancellationToken);
        var place = PassiveReply.Parse(reply) ?? throw new FtpException(reply.Code, $"The reply to {command} names no port.");

        // The address of a 227 is taken at its word, unlike common clients do: a tunnel that names a wrong one shall not go unnoticed.
        return new DialingDataPort(Local, new IPEndPoint(place.Address ?? Peer, place.Port));
    }

    private async Task<DataPort> ListenAsync(Func<IPEndPoint, string> command, CancellationToken cancellationToken)
    {
        var port = new ListeningDataPort(Local, Peer);
        try
        {
            await dialogue.SendAsync(command(port.EndPoint), cancellationToken);
            return port;
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }
}
