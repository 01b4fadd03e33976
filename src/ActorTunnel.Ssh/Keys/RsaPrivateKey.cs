using System.Security.Cryptography;

namespace ActorTunnel.Ssh.Keys;

/// <summary>ssh-rsa keys; they sign with SHA-2 only (RFC 8332).</summary>
internal sealed class RsaPrivateKey(RSA key) : PrivateKey
{
    private const int GeneratedBits = 3072;

    public override PublicKey PublicKey { get; } = new RsaPublicKey(key.ExportParameters(includePrivateParameters: false));

    public static RsaPrivateKey Generate() => new(RSA.Create(GeneratedBits));

    public override void Dispose() => key.Dispose();

    private protected override byte[] SignRaw(string algorithm, ReadOnlySpan<byte> data) =>
        key.SignData(data, RsaPublicKey.Hash(algorithm), RSASignaturePadding.Pkcs1);
}
