using System.Net;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Entries;

/// <summary>
/// Finds out whether sshd has bound the address that it was asked for. With <c>GatewayPorts no</c>, its default, it says success and
/// binds its loopback address only (RFC 4254, section 7.1, has no field to tell). So the SSH server is asked to connect to the listener
/// by an address that is not the one of its loopback interface: that connection comes back here, or is refused there.
/// </summary>
/// <remarks>Whoever connects during the probe is refused: nobody has been told yet that there is a listener.</remarks>
internal sealed class GatewayProbe
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);
    private static readonly ChannelWindow _window = new(1024, 1024);

    private int _arrivals;

    /// <summary>On the SSH connection's receive loop.</summary>
    public void Arrived(IOfferedChannel channel)
    {
        Interlocked.Increment(ref _arrivals);
        channel.Refuse(ChannelOpenFailure.AdministrativelyProhibited, "not ready yet");
    }

    /// <summary>True when only the loopback addresses are bound; null when that cannot be told.</summary>
    /// <param name="transport">The SSH connection.</param>
    /// <param name="bindAddress">What was asked for, not a loopback address; empty for all.</param>
    /// <param name="port">The port that was bound.</param>
    /// <param name="time">Bounds it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SshException">The SSH connection was lost.</exception>
    public async Task<bool?> IsLoopbackOnlyAsync(
        ISshTransport transport, string bindAddress, int port, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            var arrives = await ArrivesByAsync(transport, Target(bindAddress), port, either.Token).ConfigureAwait(false);
            // "::" is all IPv6 addresses and no other; instead of it GatewayPorts no binds 127.0.0.1 too.
            return arrives == false && IPAddress.TryParse(bindAddress, out var address) && address.Equals(IPAddress.IPv6Any)
                ? await ArrivesByAsync(transport, IPAddress.Loopback.ToString(), port, either.Token).ConfigureAwait(false)
                : !arrives;
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested)
        {
            return null; // A firewall swallows it.
        }
    }

    private async Task<bool?> ArrivesByAsync(ISshTransport transport, string host, int port, CancellationToken cancellationToken)
    {
        var before = Volatile.Read(ref _arrivals);
        try
        {
            var channel = await transport
                .OpenAsync(host, port, new IPEndPoint(IPAddress.Loopback, 0), _window, cancellationToken).ConfigureAwait(false);
            channel.Abort();
            // The answer is behind what sshd has accepted before. Nothing came: somebody else listens on that address.
            await transport.PingAsync(cancellationToken).ConfigureAwait(false);
            return Volatile.Read(ref _arrivals) != before;
        }
        catch (ChannelOpenException refused)
        {
            return refused.Reason == ChannelOpenFailure.ConnectFailed ? false : null; // Otherwise direct-tcpip is not allowed.
        }
    }

    // All of 127.0.0.0/8 is the machine itself, and no firewall stands between: whoever listens on all addresses answers there, whoever
    // listens on 127.0.0.1 does not.
    private static string Target(string bindAddress) =>
        IPAddress.TryParse(bindAddress, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? bindAddress
            : bindAddress.Length == 0 || address is not null ? "127.0.0.2" : bindAddress;
}
