using System.Security.Cryptography;
using System.Text;
using ActorTunnel.Ssh.Interop;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Tests.Keys;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Fuzz;

/// <summary>A key of each type, and what it signs, the same in every run: what is found once is found again.</summary>
internal static class FuzzKeys
{
    public static IReadOnlyList<PrivateKey> All { get; } =
    [
        new Ed25519PrivateKey(Ed25519.FromSeed(Protections.Key(Ed25519.SignatureSize / 2))),
        .. NistCurve.All.Select(curve => new EcdsaPrivateKey(curve, ECDsa.Create(Parameters(curve)))),
        KeyFile.Parse("key", Encoding.UTF8.GetBytes(OpenSslKeys.Rsa)).Open([]),
    ];

    /// <summary>Of "data". One by ECDSA is of the right form and not right, because each of those is another.</summary>
    public static byte[] Signature(PrivateKey key)
    {
        var algorithm = key.PublicKey.SignatureAlgorithms[0];
        if (key is not EcdsaPrivateKey)
            return key.Sign(algorithm, "data"u8);
        var numbers = Fields.Of(32u, Protections.Key(33)[1..], 32u, Protections.Key(34)[2..]);
        return Fields.Of(algorithm, (uint)numbers.Length, numbers);
    }

    /// <summary>A value that a peer could send in this key exchange.</summary>
    public static byte[] AgreementValue(string name) => name switch
    {
        _ when name.StartsWith("curve25519", StringComparison.Ordinal) => Protections.Key(EvpKey.Size),
        _ when NistCurve.All.FirstOrDefault(curve => name == "ecdh-sha2-" + curve.Name) is { } curve => NistCurve.EncodePoint(Point(curve)),
        _ => [0, 0x80, .. new byte[255]], // 2^2047, a power of the generator in both groups
    };

    private static ECParameters Parameters(NistCurve curve) =>
        new() { Curve = curve.Curve, D = [0, .. Protections.Key(curve.FieldSize)[1..]] };

    private static ECPoint Point(NistCurve curve)
    {
        using var key = ECDsa.Create(Parameters(curve));
        return key.ExportParameters(includePrivateParameters: false).Q;
    }
}
