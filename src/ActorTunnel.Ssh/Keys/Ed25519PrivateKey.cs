using ActorTunnel.Ssh.Interop;

namespace ActorTunnel.Ssh.Keys;

/// <summary>ssh-ed25519 (RFC 8709). The secret lives in libcrypto, which wipes it.</summary>
internal sealed class Ed25519PrivateKey(Ed25519 key) : PrivateKey
{
    public override PublicKey PublicKey { get; } = new Ed25519PublicKey(key.PublicKey());

    public override void Dispose() => key.Dispose();

    private protected override byte[] SignRaw(string algorithm, ReadOnlySpan<byte> data) => key.Sign(data);
}
