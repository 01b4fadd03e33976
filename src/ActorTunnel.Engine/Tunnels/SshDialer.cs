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
        ISshTransport? jump = null;
        var hostKeys = new NotedHostKeys(profile.HostKeys);
        try
        {
            // Before the clock starts: the jump host has its own limits, and a person may be asked for its password.
            jump = await JumpHost.GetAsync(profile, context.Tunnels, cancellationToken).ConfigureAwait(false);
            return await DialAsync(profile with { HostKeys = hostKeys }, jump, context, cancellationToken).ConfigureAwait(false);
        }
        catch (TunnelException failed)
        {
            return new TunnelFailed(failed.Failure, failed.Message) { IsWithoutConnection = failed.IsWithoutConnection };
        }
        catch (HopException failed)
        {
            return new TunnelFailed(failed.Failure, failed.Message, failed.Hop) { IsWithoutConnection = failed.IsWithoutConnection };
        }
        catch (SshException failed)
        {
            var isLostOnTheWay = jump is { Closed.IsCompleted: true };
            return new TunnelFailed(failed.Failure.ToFailure(), failed.Message, isLostOnTheWay ? profile.Via!.Host : null)
            {
                IsWithinLogin = hostKeys.AreSeen,
            };
        }
        catch (OperationCanceledException)
        {
            return new TunnelFailed(Failure.Shutdown, "Stopped before the connection was made.");
        }
    }

    private static async Task<TunnelReady> DialAsync(
        TunnelProfile profile, ISshTransport? jump, DialContext context, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(profile.ConnectTimeout ?? _defaultTimeout, context.Services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            var way = await Way.MakeAsync(profile, jump, context, either.Token).ConfigureAwait(false);
            return new TunnelReady(await LoginAsync(way.Stream, profile, context, timer, either.Token).ConfigureAwait(false), way.Peer);
        }
        catch (OperationCanceledException stopped) when (timer.IsCancellationRequested)
        {
            var through = profile.Via is { } hop ? $" through jump host {hop.Host}" : "";
            throw new TunnelException(
                Failure.Timeout,
                $"{profile.Host} port {profile.Port} did not answer in time{through}{DialGivenUpException.TriedUntil(stopped)}:"
                + " check address and firewall, or raise ConnectTimeout.")
            {
                IsWithoutConnection = stopped is DialGivenUpException,
            };
        }
    }

    private static ValueTask<ISshTransport> LoginAsync(
        Stream stream, TunnelProfile profile, DialContext context, CancellationTokenSource timer, CancellationToken cancellationToken)
    {
        var options = new SshClientOptions
        {
            User = profile.User,
            Credentials = profile.Credentials,
            HostKeys = new HostKeysEndTheConnectTimeout(profile.HostKeys, timer),
            Algorithms = profile.Algorithms,
            RekeyBytes = profile.RekeyBytes,
            RekeyInterval = profile.RekeyInterval,
            Banner = profile.Banner,
        };
        var services = context.Services;
        return SshClient.ConnectAsync(
            stream, options, services.Loggers.CreateLogger("ActorTunnel.Ssh"), services.Time, cancellationToken);
    }

    /// <summary>Knows whether the server has shown a key that is trusted: what follows is the login.</summary>
    private sealed class NotedHostKeys(IHostKeyPolicy policy) : IHostKeyPolicy
    {
        public bool AreSeen { get; private set; }

        public IReadOnlyList<string> KnownKeyTypes => policy.KnownKeyTypes;

        public async ValueTask CheckAsync(PublicKey key, CancellationToken cancellationToken)
        {
            await policy.CheckAsync(key, cancellationToken).ConfigureAwait(false);
            AreSeen = true;
        }
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
