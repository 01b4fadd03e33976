using System.Security.Cryptography;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Ssh.KeyExchange;

/// <summary>ecdh-sha2-nistp256, -nistp384 and -nistp521 (RFC 5656, section 4).</summary>
internal sealed class NistCurveAgreement : IKeyAgreement
{
    private readonly NistCurve _curve;
    private readonly ECDiffieHellman _key;

    public NistCurveAgreement(NistCurve curve)
    {
        _curve = curve;
        _key = ECDiffieHellman.Create(curve.Curve);
        PublicValue = NistCurve.EncodePoint(_key.ExportParameters(includePrivateParameters: false).Q);
    }

    public HashAlgorithmName Hash => _curve.Hash;

    public ReadOnlyMemory<byte> PublicValue { get; }

    /// <summary>
    /// K is the x coordinate of the common point (RFC 5656, section 4). The peer's point must be validated: a point off the curve
    /// would leak our private key. These curves have cofactor 1, so being on the curve is all there is to check; compressed points
    /// are optional and not accepted.
    /// </summary>
    public byte[] DeriveSecret(ReadOnlySpan<byte> peerPublicValue)
    {
        if (!_curve.IsUncompressedPoint(peerPublicValue))
            throw InvalidPoint();
        try
        {
            using var peer = ECDiffieHellman.Create(_curve.DecodePoint(peerPublicValue));
            using var peerPublicKey = peer.PublicKey;
            return _key.DeriveRawSecretAgreement(peerPublicKey);
        }
        catch (CryptographicException exception)
        {
            throw InvalidPoint(exception);
        }
    }

    public void Dispose() => _key.Dispose();

    private SshException InvalidPoint(Exception? cause = null) =>
        new(SshFailure.ProtocolError, $"The peer's key exchange value is not a point on {_curve.Name}.", cause);
}
