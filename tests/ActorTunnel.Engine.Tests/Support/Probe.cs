using System.Threading.Channels;

namespace ActorTunnel.Engine.Tests.Support;

/// <summary>An actor whose messages a test takes one by one.</summary>
internal sealed class Probe
{
    private readonly Channel<object> _messages = Channel.CreateUnbounded<object>();

    public Probe(ActorSystem system)
    {
        var writer = _messages.Writer;
        Ref = system.ActorOf(Props.Create(() => new Collector(writer)));
    }

    public IActorRef Ref { get; }

    public bool IsEmpty => _messages.Reader.Count == 0;

    /// <summary>The next message.</summary>
    public Task<object> ExpectAsync() => _messages.Reader.ReadAsync().Soon();

    /// <summary>The next message, which must be of this type.</summary>
    public async Task<T> ExpectAsync<T>() => Assert.IsType<T>(await ExpectAsync());

    /// <summary>The next message of this type; others before it are dropped.</summary>
    public async Task<T> UntilAsync<T>()
    {
        while (true)
        {
            if (await _messages.Reader.ReadAsync().Soon() is T wanted)
                return wanted;
        }
    }

    private sealed class Collector : ReceiveActor
    {
        public Collector(ChannelWriter<object> messages) => Receive<object>(message => messages.TryWrite(message));
    }
}
