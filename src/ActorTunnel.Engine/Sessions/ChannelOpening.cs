using System.Net;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions;

/// <summary>Opens a channel for an actor, which gets the outcome as a message.</summary>
internal static class ChannelOpening
{
    /// <returns><see cref="Opened"/> or <see cref="TunnelFailed"/>.</returns>
    public static async Task<object> OpenAsync(
        ISshTransport transport,
        string host,
        int port,
        IPEndPoint originator,
        ChannelWindow window,
        CancellationToken cancellationToken)
    {
        try
        {
            return new Opened(await transport.OpenAsync(host, port, originator, window, cancellationToken).ConfigureAwait(false));
        }
        catch (ChannelOpenException refused)
        {
            return Explain(refused, host, port);
        }
        catch (TunnelException failed)
        {
            return new TunnelFailed(failed.Failure, failed.Message);
        }
        catch (SshException refused)
        {
            return new TunnelFailed(refused.Failure.ToFailure(), refused.Message);
        }
        catch (OperationCanceledException)
        {
            return new TunnelFailed(Failure.PeerClosed, "given up before the channel was open");
        }
    }

    /// <summary>
    /// The reason codes of SSH_MSG_CHANNEL_OPEN_FAILURE (RFC 4254, section 5.1). What sshd says with the first is "open failed"; it forbids
    /// by AllowTcpForwarding, DisableForwarding, PermitOpen, or by options of the key. Dropbear knows no direct-tcpip when it forbids. Why it
    /// cannot connect stands only in the description: sshd's is the system's text.
    /// </summary>
    private static TunnelFailed Explain(ChannelOpenException refused, string host, int port) => refused.Reason switch
    {
        ChannelOpenFailure.AdministrativelyProhibited or ChannelOpenFailure.UnknownChannelType => new(
            Failure.Prohibited,
            $"the SSH server does not allow forwarding to {host} port {port}: see AllowTcpForwarding and PermitOpen in its sshd_config,"
            + " and permitopen or restrict at the key in authorized_keys."),
        ChannelOpenFailure.ConnectFailed => new(
            refused.Description.Contains("refused", StringComparison.OrdinalIgnoreCase)
                ? Failure.ConnectionRefused
                : Failure.TargetUnreachable,
            $"the SSH server cannot connect to {host} port {port}{(refused.Description.Length > 0 ? ": " + refused.Description : "")}."),
        ChannelOpenFailure.ResourceShortage => new(
            Failure.Limit, $"no more channels on the SSH connection{(refused.Description.Length > 0 ? ": " + refused.Description : "")}."),
        _ => new(Failure.Prohibited, refused.Message),
    };

    /// <summary>The channel is open.</summary>
    internal sealed record Opened(ITunnelChannel Channel) : ICarriesResource
    {
        public void Release() => Channel.Abort();
    }
}
