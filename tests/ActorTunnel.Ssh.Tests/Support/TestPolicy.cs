using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>Accepts every host key and remembers it, or does what the test says.</summary>
internal sealed class TestPolicy(params string[] knownKeyTypes) : IHostKeyPolicy
{
    public IReadOnlyList<string> KnownKeyTypes => knownKeyTypes;

    public PublicKey? Seen { get; private set; }

    public Action<PublicKey>? Check { get; init; }

    public ValueTask CheckAsync(PublicKey key, CancellationToken cancellationToken)
    {
        Seen = key;
        Check?.Invoke(key);
        return ValueTask.CompletedTask;
    }
}
