using ActorTunnel.Ssh.Messages;

namespace ActorTunnel.Ssh.Channels;

/// <summary>What client and server do differently with what the peer asks for. Called on the receive loop; must not block.</summary>
internal interface IConnectionRole
{
    /// <summary>The one channel type the peer may open.</summary>
    string AcceptedChannelType { get; }

    /// <summary>Who takes a channel to this address; null when nobody wants it.</summary>
    Action<IOfferedChannel>? FindReceiver(TcpipFields fields);

    /// <summary>Serves a global request. When an answer is wanted, it must come in the order of the requests.</summary>
    void OnGlobalRequest(GlobalRequestMessage request);
}
