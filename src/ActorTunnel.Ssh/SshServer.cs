using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Channels;
using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Transport;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Ssh;

/// <summary>The server role: for tests, demonstrations and benchmarks. It forwards connections and does nothing else.</summary>
public static class SshServer
{
    /// <summary>
    /// Exchanges keys and lets the client log in. Takes over <paramref name="stream"/>; it is disposed when the connection is over,
    /// and when this call fails.
    /// </summary>
    /// <param name="stream">The connection from the client.</param>
    /// <param name="options">What is offered, and to whom.</param>
    /// <param name="logger">Receives what helps to find errors; never a secret.</param>
    /// <param name="time">Bounds the time that saying goodbye may take.</param>
    /// <param name="cancellationToken">Gives up, at any point before the client has logged in.</param>
    /// <exception cref="SshException">The client did not get in.</exception>
    public static async ValueTask<SshServerConnection> AcceptAsync(
        Stream stream, SshServerOptions options, ILogger logger, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        return await ConnectionSetup.RunAsync(
            new PacketConnection(stream, time),
            transport =>
            {
                var proposal = Proposal.ForServer(options.Algorithms, options.HostKeys);
                return new KeyExchangeLayer(
                    transport,
                    new ServerExchangeSide(proposal, options.HostKeys),
                    new(options.RekeyBytes, options.RekeyInterval),
                    logger);
            },
            async connection =>
            {
                var user = await new ServerAuthentication(connection, options, cancellationToken).RunAsync().ConfigureAwait(false);
                return new SshServerConnection(new Multiplexer(connection, logger), options, user, logger);
            },
            cancellationToken).ConfigureAwait(false);
    }
}
