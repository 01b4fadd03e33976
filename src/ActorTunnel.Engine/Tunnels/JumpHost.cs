using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Channels;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>
/// The SSH connection of another profile as a way to a server (ProxyJump in ssh_config(5)): a channel of it carries the server's SSH
/// connection. It comes from the pool, so many servers behind one jump host share it.
/// </summary>
internal static class JumpHost
{
    /// <summary>Each one in a row decrypts what the next one carries.</summary>
    public const int MaxInARow = 8;

    /// <summary>It carries all that the inner connection's channels may have under way together.</summary>
    private static readonly ChannelWindow _window = new(256 * 1024, 2 * 1024 * 1024);

    /// <summary>Informative (RFC 4254, section 7.2): nobody has connected to us for it.</summary>
    private static readonly IPEndPoint _originator = new(IPAddress.Loopback, 0);

    /// <summary>The connection to the profile's jump host; null when it has none.</summary>
    /// <exception cref="HopException">It cannot be made.</exception>
    public static async Task<ISshTransport?> GetAsync(TunnelProfile profile, IActorRef tunnels, CancellationToken cancellationToken)
    {
        if (profile.Via is not { } hop)
            return null;
        var inARow = 0;
        for (var jump = hop; jump is not null; jump = jump.Via)
        {
            if (++inARow > MaxInARow)
            {
                throw new HopException(
                    Failure.Configuration, $"More than {MaxInARow} jump hosts in a row to {profile.Host}: take a shorter way.", hop.Host);
            }
        }

        return await tunnels.Ask<object>(new GetTunnel(hop), cancellationToken).ConfigureAwait(false) switch
        {
            TunnelReady ready => ready.Transport,
            TunnelFailed failed => throw new HopException(failed.Failure, $"{Name(hop)}: {failed.Message}", hop.Host)
            {
                IsWithoutConnection = failed.IsWithoutConnection,
            },
            var other => throw new InvalidOperationException($"{other.GetType()} is no answer to {nameof(GetTunnel)}."),
        };
    }

    /// <summary>A channel through the jump host to the server of this profile.</summary>
    /// <exception cref="HopException">The jump host refuses it, or is lost.</exception>
    public static async Task<Way> OpenAsync(ISshTransport jump, TunnelProfile profile, CancellationToken cancellationToken)
    {
        var name = Name(profile.Via!);
        try
        {
            var channel = await jump.OpenAsync(profile.Host, profile.Port, _originator, _window, cancellationToken).ConfigureAwait(false);
            return new Way(new JumpStream(new ChannelStream(channel), channel, jump, name), null);
        }
        catch (ChannelOpenException refused)
        {
            var (failure, reason) = Explain(refused, $"{profile.Host} port {profile.Port}");
            throw new HopException(failure, $"{name}: {reason}", profile.Via!.Host, refused);
        }
        catch (SshException lost)
        {
            throw new HopException(lost.Failure.ToFailure(), $"{name}: {lost.Message}", profile.Via!.Host, lost);
        }
    }

    private static string Name(TunnelProfile hop) => $"Jump host {hop.Host}";

    private static (Failure Failure, string Reason) Explain(ChannelOpenException refused, string target) => refused.Reason switch
    {
        ChannelOpenFailure.AdministrativelyProhibited => (
            Failure.Prohibited,
            $"it may not forward to {target}: see AllowTcpForwarding and PermitOpen in its sshd_config. {refused.Message}"),
        ChannelOpenFailure.ConnectFailed => (Failure.Unreachable, $"it cannot connect to {target}. {refused.Message}"),
        ChannelOpenFailure.ResourceShortage => (Failure.Limit, $"it opens no more channels. {refused.Message}"),
        _ => (Failure.Prohibited, $"it cannot be a jump host. {refused.Message}"),
    };
}
