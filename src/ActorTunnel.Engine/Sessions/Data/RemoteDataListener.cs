using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions.Data;

/// <summary>
/// A listener on the SSH server for data connections. It serves one data channel after the other; a connection that comes while no one
/// waits for it is refused.
/// </summary>
internal sealed class RemoteDataListener
{
    private IActorRef? _receiver;
    private IRemoteListener? _listener;

    private RemoteDataListener(IActorRef receiver) => _receiver = receiver;

    /// <summary>The port bound by the SSH server.</summary>
    public int Port => _listener!.Port;

    /// <returns>The listener, whose connections come to <paramref name="receiver"/> as <see cref="Offered"/>.</returns>
    /// <exception cref="SshException">The SSH server refuses, or the connection was lost.</exception>
    public static async Task<RemoteDataListener> OpenAsync(
        ISshTransport transport, string bindAddress, IActorRef receiver, CancellationToken cancellationToken)
    {
        var listener = new RemoteDataListener(receiver);
        listener._listener = await transport.ListenAsync(bindAddress, 0, listener.Offer, cancellationToken).ConfigureAwait(false);
        return listener;
    }

    /// <summary>Whom connections come to from now on; null: they are refused.</summary>
    public void HandTo(IActorRef? receiver) => Volatile.Write(ref _receiver, receiver);

    /// <summary>
    /// Until the SSH server has answered, a connection may still come. It goes to the last receiver, who knows whether a refusal would be
    /// the end of a file.
    /// </summary>
    public void Cancel() => _listener!.DisposeAsync().AsTask().PipeTo(ActorRefs.Nobody);

    /// <summary>On the SSH connection's receive loop.</summary>
    private void Offer(IOfferedChannel channel)
    {
        if (Volatile.Read(ref _receiver) is { } receiver)
            receiver.Tell(new Offered(channel), ActorRefs.NoSender);
        else
            new Offered(channel).Release();
    }

    /// <summary>Somebody has connected.</summary>
    internal sealed record Offered(IOfferedChannel Channel) : ICarriesResource
    {
        public void Release() => Channel.Refuse(ChannelOpenFailure.AdministrativelyProhibited, "no data connection is awaited");
    }
}
