using System.Formats.Asn1;
using System.Security.Cryptography;
using ActorTunnel.Ssh.Interop;

namespace ActorTunnel.Ssh.Keys.Formats;

/// <summary>PKCS#8 (RFC 5958): a private key of any algorithm.</summary>
internal static class Pkcs8
{
    public const string Label = "PRIVATE KEY";

    private const string RsaEncryption = "1.2.840.113549.1.1.1"; // RFC 8017, appendix A.1
    private const string EcPublicKey = "1.2.840.10045.2.1"; // RFC 5480, section 2.1.1
    private const string Ed25519Key = "1.3.101.112"; // RFC 8410, section 3

    // OneAsymmetricKey ::= SEQUENCE {
    //   version                   INTEGER,
    //   privateKeyAlgorithm       SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL },
    //   privateKey                OCTET STRING,
    //   attributes            [0] OPTIONAL,
    //   publicKey             [1] OPTIONAL }
    public static PrivateKey Read(ReadOnlyMemory<byte> data)
    {
        var key = new AsnReader(data, AsnEncodingRules.BER).ReadSequence();
        key.ReadInteger();
        switch (key.ReadSequence().ReadObjectIdentifier())
        {
            case RsaEncryption:
                return PemFormats.Import(
                    RSA.Create(), data.Span, static (rsa, bytes) => rsa.ImportPkcs8PrivateKey(bytes, out _), PemFormats.FromRsa);
            case EcPublicKey:
                return PemFormats.Import(
                    ECDsa.Create(), data.Span, static (ec, bytes) => ec.ImportPkcs8PrivateKey(bytes, out _), PemFormats.FromEcdsa);
            case Ed25519Key when Ed25519.IsSupported:
                return ReadEd25519(key);
            default:
                throw new NotSupportedException("its algorithm is not supported here: ed25519, ecdsa and rsa are");
        }
    }

    // RFC 8410, section 7; inside privateKey:
    //   CurvePrivateKey ::= OCTET STRING   -- the seed
    private static Ed25519PrivateKey ReadEd25519(AsnReader key)
    {
        if (key.TryReadPrimitiveOctetString(out var curvePrivateKey)
            && new AsnReader(curvePrivateKey, AsnEncodingRules.DER).TryReadPrimitiveOctetString(out var seed))
            return new Ed25519PrivateKey(Ed25519.FromSeed(seed.Span));
        throw new AsnContentException();
    }
}
