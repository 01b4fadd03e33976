using System.Net;
using System.Threading.Channels;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Tests.Support;

/// <summary>Dials when and as the test says.</summary>
internal sealed class FakeDialer
{
    private readonly Channel<FakeDial> _dials = Channel.CreateUnbounded<FakeDial>();
    private int _count;

    /// <summary>How often somebody has dialled.</summary>
    public int Count => _count;

    /// <summary>The next dial, to be completed with its outcome.</summary>
    public async Task<TaskCompletionSource<object>> NextAsync() => (await NextDialAsync()).Outcome;

    /// <summary>The same with what is dialled.</summary>
    public Task<FakeDial> NextDialAsync() => _dials.Reader.ReadAsync().Soon();

    public Task<object> DialAsync(TunnelProfile profile, DialContext context, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        var outcome = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        _dials.Writer.TryWrite(new FakeDial(profile, context, outcome));
        return outcome.Task.WaitAsync(cancellationToken);
    }
}

/// <summary>Somebody dials.</summary>
internal sealed record FakeDial(TunnelProfile Profile, DialContext Context, TaskCompletionSource<object> Outcome)
{
    /// <summary>The dial succeeds.</summary>
    public MemoryTransport Succeed(IPEndPoint? peer = null)
    {
        var transport = new MemoryTransport();
        Outcome.SetResult(new TunnelReady(transport, peer));
        return transport;
    }

    public void Fail(Failure failure, string reason = "no.") => Outcome.SetResult(new TunnelFailed(failure, reason));
}
