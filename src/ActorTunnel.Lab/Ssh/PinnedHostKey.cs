using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Lab.Ssh;

/// <summary>Trusts one key and no other.</summary>
internal sealed class PinnedHostKey(PublicKey expected) : IHostKeyPolicy
{
    public IReadOnlyList<string> KnownKeyTypes => [expected.Type];

    public ValueTask CheckAsync(PublicKey key, CancellationToken cancellationToken) =>
        key.Blob.Span.SequenceEqual(expected.Blob.Span)
            ? ValueTask.CompletedTask
            : throw new SshException(SshFailure.HostKeyChanged, $"The host key is {key.Fingerprint} instead of {expected.Fingerprint}.");
}
