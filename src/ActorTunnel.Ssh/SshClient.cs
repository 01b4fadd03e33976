using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Channels;
using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Transport;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Ssh;

/// <summary>The client role: makes SSH connections over any stream.</summary>
public static class SshClient
{
    /// <summary>
    /// Exchanges keys, checks the host key and logs in. Takes over <paramref name="stream"/>, which must read and write
    /// asynchronously at the same time; it is disposed when the connection is over, and when this call fails.
    /// </summary>
    /// <param name="stream">The connection to the server: of a socket, or of a channel.</param>
    /// <param name="options">Who logs in, how, and whom to trust.</param>
    /// <param name="logger">Receives what helps to find errors; never a secret.</param>
    /// <param name="time">Bounds the time that saying goodbye may take.</param>
    /// <param name="cancellationToken">Gives up, at any point.</param>
    /// <exception cref="SshException">The failure says which step did not succeed.</exception>
    public static async ValueTask<ISshTransport> ConnectAsync(
        Stream stream, SshClientOptions options, ILogger logger, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ClientExchangeSide? side = null;
        return await ConnectionSetup.RunAsync(
            new PacketConnection(stream, time),
            transport =>
            {
                var proposal = Proposal.ForClient(options.Algorithms, options.HostKeys.KnownKeyTypes);
                side = new(proposal, options.HostKeys, cancellationToken);
                return new KeyExchangeLayer(transport, side, new(options.RekeyBytes, options.RekeyInterval), logger);
            },
            async connection =>
            {
                await new ClientAuthentication(connection, options, logger).RunAsync(cancellationToken).ConfigureAwait(false);
                return (ISshTransport)new ClientConnection(new Multiplexer(connection, logger), side!.HostKey!);
            },
            cancellationToken).ConfigureAwait(false);
    }
}
