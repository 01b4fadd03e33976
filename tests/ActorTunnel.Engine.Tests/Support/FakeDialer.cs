using System.Threading.Channels;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Tests.Support;

/// <summary>Dials when and as the test says.</summary>
internal sealed class FakeDialer
{
    private readonly Channel<TaskCompletionSource<object>> _dials = Channel.CreateUnbounded<TaskCompletionSource<object>>();

    /// <summary>How often somebody has dialled.</summary>
    public int Count { get; private set; }

    /// <summary>The next dial, to be completed with its outcome.</summary>
    public Task<TaskCompletionSource<object>> NextAsync() => _dials.Reader.ReadAsync().Soon();

    public Task<object> DialAsync(TunnelProfile profile, DialContext context, CancellationToken cancellationToken)
    {
        Count++;
        var outcome = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        _dials.Writer.TryWrite(outcome);
        return outcome.Task.WaitAsync(cancellationToken);
    }
}
