using System.Security.Cryptography;

namespace ActorTunnel.Ssh.Keys;

/// <summary>A NIST prime curve as SSH uses it for ECDSA and ECDH (RFC 5656, sections 3.1, 6.2.1 and 6.3).</summary>
/// <param name="Name">The curve's identifier, which ends the names of the algorithms.</param>
/// <param name="Curve">The curve.</param>
/// <param name="FieldSize">Bytes of a coordinate.</param>
/// <param name="Hash">The hash that belongs to a curve of this size.</param>
internal sealed record NistCurve(string Name, ECCurve Curve, int FieldSize, HashAlgorithmName Hash)
{
    private const byte UncompressedPoint = 0x04; // SEC 1, section 2.3.3

    /// <summary>The required curves, smallest first.</summary>
    public static IReadOnlyList<NistCurve> All { get; } =
    [
        new("nistp256", ECCurve.NamedCurves.nistP256, 32, HashAlgorithmName.SHA256),
        new("nistp384", ECCurve.NamedCurves.nistP384, 48, HashAlgorithmName.SHA384),
        new("nistp521", ECCurve.NamedCurves.nistP521, 66, HashAlgorithmName.SHA512),
    ];

    /// <summary>Whether an encoded point has the form used here. Whether it lies on the curve is seen when it is imported.</summary>
    public bool IsUncompressedPoint(ReadOnlySpan<byte> point) =>
        point.Length == 1 + (2 * FieldSize) && point[0] == UncompressedPoint;

    public static byte[] EncodePoint(ECPoint point) => [UncompressedPoint, .. point.X!, .. point.Y!];

    /// <summary>The parameters of a public key; the point has passed <see cref="IsUncompressedPoint"/>.</summary>
    public ECParameters DecodePoint(ReadOnlySpan<byte> point) => new()
    {
        Curve = Curve,
        Q = new ECPoint { X = point.Slice(1, FieldSize).ToArray(), Y = point[(1 + FieldSize)..].ToArray() },
    };
}
