using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh;

/// <summary>
/// From a stream to a connection that is logged in, the same for both roles: whatever goes wrong on the way, the peer is told, the
/// stream is closed, and the caller gets the first cause.
/// </summary>
internal static class ConnectionSetup
{
    public static async ValueTask<T> RunAsync<T>(
        PacketConnection transport,
        Func<PacketConnection, KeyExchangeLayer> createLayer,
        Func<KeyExchangeLayer, ValueTask<T>> authenticate,
        CancellationToken cancellationToken)
    {
        KeyExchangeLayer? connection = null;
        var giveUp = cancellationToken.UnsafeRegister(
            static state => ((ConnectionEnd)state!).TryEnd(SshFailure.ClosedLocally, "Connecting was given up."), transport.End);
        await using (giveUp.ConfigureAwait(false))
        {
            try
            {
                connection = createLayer(transport);
                await connection.HandshakeAsync().ConfigureAwait(false);
                var result = await authenticate(connection).ConfigureAwait(false);
                connection.OnLoggedIn();
                return result;
            }
            catch (Exception exception)
            {
                // Whatever it was: nobody else would close the stream. The exception goes on below.
                if (exception is SshException failure)
                    transport.End.TryEnd(failure);
                transport.End.TryEnd(SshFailure.ClosedLocally, "Connecting failed.");
                await transport.Completion.ConfigureAwait(false);
                connection?.Dispose();
                cancellationToken.ThrowIfCancellationRequested();
                // A loop that broke first knows the cause; what was caught here is then its consequence.
                var cause = await transport.End.Cause.ConfigureAwait(false);
                if (exception is not SshException known || known.Message == cause.Message)
                    throw;
                throw new SshException(cause.Failure, cause.Message, exception);
            }
        }
    }
}
