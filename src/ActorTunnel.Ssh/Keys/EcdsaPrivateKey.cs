using System.Buffers;
using System.Security.Cryptography;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Keys;

/// <summary>ecdsa-sha2-nistp256, -nistp384 and -nistp521 (RFC 5656, section 3).</summary>
internal sealed class EcdsaPrivateKey(NistCurve curve, ECDsa key) : PrivateKey
{
    public override PublicKey PublicKey { get; } =
        new EcdsaPublicKey(curve, key.ExportParameters(includePrivateParameters: false));

    public static EcdsaPrivateKey Generate(NistCurve curve) => new(curve, ECDsa.Create(curve.Curve));

    public override void Dispose() => key.Dispose();

    // RFC 5656, section 3.1.2:
    //   mpint    r
    //   mpint    s
    private protected override byte[] SignRaw(string algorithm, ReadOnlySpan<byte> data)
    {
        var numbers = key.SignData(data, curve.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        var signature = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(signature);
        writer.WritePositiveMpint(numbers.AsSpan(0, curve.FieldSize));
        writer.WritePositiveMpint(numbers.AsSpan(curve.FieldSize));
        return signature.WrittenSpan.ToArray();
    }
}
