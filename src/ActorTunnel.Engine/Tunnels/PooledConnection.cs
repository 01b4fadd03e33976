using System.Net;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>One connection as its pool sees it: being made, or ready and in use by so many.</summary>
internal sealed class PooledConnection(IActorRef actor, IPEndPoint? peer) : IDisposable
{
    private ITimer? _idle;

    public IActorRef Actor => actor;

    /// <summary>The address it must be made to; once it is ready, the one it has.</summary>
    public IPEndPoint? Peer { get; private set; } = peer;

    /// <summary>It was made for data channels only: nobody waits for it.</summary>
    public bool IsExtra { get; } = peer is not null;

    public TunnelReady? Ready { get; private set; }

    /// <summary>Channels that its users may have open.</summary>
    public int Channels { get; private set; }

    /// <summary>It can be used: its end may be on its way to the pool.</summary>
    public bool IsUsable => Ready is { Transport.Closed.IsCompleted: false };

    public void Connected(TunnelReady ready)
    {
        Ready = ready;
        Peer = ready.Peer;
    }

    public void Use(int channels)
    {
        Channels += channels;
        _idle?.Dispose();
    }

    public void Return(int channels) => Channels -= channels;

    public void Wait(ITimer idle)
    {
        _idle?.Dispose();
        _idle = idle;
    }

    public void Dispose() => _idle?.Dispose();
}
