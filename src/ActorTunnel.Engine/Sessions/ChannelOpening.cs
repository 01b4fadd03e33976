using System.Net;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Sessions.Data;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions;

/// <summary>Opens a channel for an actor, which gets the outcome as a message. SSH itself sets no limit to how long an answer may take.</summary>
internal static class ChannelOpening
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>A channel that is opened later than 30 s from now is closed again.</summary>
    /// <returns><see cref="Opened"/> or <see cref="TunnelFailed"/>.</returns>
    public static async Task<object> OpenAsync(
        ISshTransport transport,
        string host,
        int port,
        IPEndPoint originator,
        ChannelWindow window,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var answer = await AskAsync(transport, host, port, originator, window, either.Token).ConfigureAwait(false);
        return answer is TunnelFailed && patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested
            ? NoAnswer(host, port)
            : answer;
    }

    /// <summary>
    /// For a data connection. After 30 s without an answer <paramref name="actor"/> is told a failure; a channel that is opened later comes
    /// to it all the same. Closed here, it would be an empty file to an FTP server that has not been told yet that there will be none.
    /// </summary>
    public static void OpenData(
        IActorRef actor,
        ISshTransport transport,
        string host,
        int port,
        IPEndPoint originator,
        TimeProvider time,
        CancellationToken cancellationToken,
        Func<Failure, string>? hint = null)
    {
        var answer = AskAsync(transport, host, port, originator, DataChannelContext.Window, cancellationToken);
        TellAsync(WithHintAsync(answer, hint), NoAnswer(host, port), actor, time).PipeTo(actor);
    }

    /// <summary>What the reason of a failure does not say of what to do about it.</summary>
    private static async Task<object> WithHintAsync(Task<object> answer, Func<Failure, string>? hint)
    {
        var known = await answer.ConfigureAwait(false);
        return known is TunnelFailed failed && hint is not null ? failed with { Message = failed.Message + hint(failed.Failure) } : known;
    }

    private static async Task TellAsync(Task<object> answer, TunnelFailed noAnswer, IActorRef actor, TimeProvider time)
    {
        try
        {
            actor.Tell(await answer.WaitAsync(_patience, time).ConfigureAwait(false), ActorRefs.NoSender);
        }
        catch (TimeoutException)
        {
            actor.Tell(noAnswer, ActorRefs.NoSender);
            if (await answer.ConfigureAwait(false) is Opened late)
                actor.Tell(late, ActorRefs.NoSender);
        }
    }

    private static TunnelFailed NoAnswer(string host, int port) => new(
        Failure.Timeout,
        $"no answer within {_patience.TotalSeconds:0} s for {host} port {port}: the host is down, or a firewall drops what is sent to it.");

    private static async Task<object> AskAsync(
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
