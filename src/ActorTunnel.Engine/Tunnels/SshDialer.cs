using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>From a profile to an authenticated SSH connection.</summary>
internal static class SshDialer
{
    /// <summary>
    /// When the profile sets no limit, and for the login in any case: sshd's own default (LoginGraceTime). A server that accepts and
    /// stays silent must not hold a pool for ever.
    /// </summary>
    private static readonly TimeSpan _defaultTimeout = TimeSpan.FromMinutes(2);

    /// <returns><see cref="TunnelReady"/> or <see cref="TunnelFailed"/>.</returns>
    public static async Task<object> DialAsync(TunnelProfile profile, DialContext context, CancellationToken cancellationToken)
    {
        var services = context.Services;
        var timeout = profile.ConnectTimeout ?? _defaultTimeout;
        using var timer = new CancellationTokenSource(timeout, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            var socket = await TcpDialer.ConnectAsync(profile.Host, profile.Port, profile.AddressFamily, either.Token).ConfigureAwait(false);
            return new TunnelReady(await LoginAsync(socket, profile, services, timer, either.Token).ConfigureAwait(false));
        }
        catch (TunnelException failed)
        {
            return new TunnelFailed(failed.Failure, failed.Message);
        }
        catch (SshException failed)
        {
            return new TunnelFailed(failed.Failure.ToFailure(), failed.Message);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested)
        {
            return new TunnelFailed(
                Failure.Timeout, $"{profile.Host} port {profile.Port} did not answer in time: check address and firewall, or raise ConnectTimeout.");
        }
        catch (OperationCanceledException)
        {
            return new TunnelFailed(Failure.Shutdown, "Stopped before the connection was made.");
        }
    }

    private static ValueTask<ISshTransport> LoginAsync(
        Socket socket, TunnelProfile profile, EngineServices services, CancellationTokenSource timer, CancellationToken cancellationToken)
    {
        var options = new SshClientOptions
        {
            User = profile.User,
            Credentials = profile.Credentials,
            HostKeys = new HostKeysEndTheConnectTimeout(profile.HostKeys, timer),
            Algorithms = profile.Algorithms,
            Banner = profile.Banner,
        };
        return SshClient.ConnectAsync(
            new SshSocketStream(socket), options, services.Loggers.CreateLogger("ActorTunnel.Ssh"), services.Time, cancellationToken);
    }

    /// <summary>From the host key on, a person may be asked: only the longer limit of a login holds then.</summary>
    private sealed class HostKeysEndTheConnectTimeout(IHostKeyPolicy policy, CancellationTokenSource timer) : IHostKeyPolicy
    {
        public IReadOnlyList<string> KnownKeyTypes => policy.KnownKeyTypes;

        public ValueTask CheckAsync(PublicKey key, CancellationToken cancellationToken)
        {
            timer.CancelAfter(_defaultTimeout);
            return policy.CheckAsync(key, cancellationToken);
        }
    }
}
