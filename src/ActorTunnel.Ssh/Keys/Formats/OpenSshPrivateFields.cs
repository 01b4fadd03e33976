using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using ActorTunnel.Ssh.Interop;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Keys.Formats;

/// <summary>
/// The numbers of a private key as OpenSSH writes them: the fields are those of draft-ietf-sshm-ssh-agent, section 3.2.
/// </summary>
internal static class OpenSshPrivateFields
{
    public static PrivateKey Read(string type, ref SshReader reader) => type switch
    {
        Ed25519PublicKey.KeyType when Ed25519.IsSupported => ReadEd25519(ref reader),
        RsaPublicKey.KeyType => ReadRsa(ref reader),
        _ when KeyAlgorithms.CurveOf(type) is { } curve => ReadEcdsa(curve, ref reader),
        _ => throw SshReader.Malformed("its private half is of an unknown type"),
    };

    // string    public key (32 bytes)
    // string    seed and public key (64 bytes)
    private static Ed25519PrivateKey ReadEd25519(ref SshReader reader)
    {
        var publicKey = reader.ReadString();
        var secret = reader.ReadString();
        if (secret.Length != 2 * EvpKey.Size || !secret[EvpKey.Size..].SequenceEqual(publicKey))
            throw SshReader.Malformed("its Ed25519 key contradicts itself");
        return new Ed25519PrivateKey(Ed25519.FromSeed(secret[..EvpKey.Size]));
    }

    // string    curve
    // string    Q
    // mpint     d
    private static EcdsaPrivateKey ReadEcdsa(NistCurve curve, ref SshReader reader)
    {
        var name = reader.ReadString();
        var point = reader.ReadString();
        var secret = reader.ReadPositiveMpint();
        if (!name.SequenceEqual(Encoding.ASCII.GetBytes(curve.Name)) || !curve.IsUncompressedPoint(point))
            throw SshReader.Malformed("its ECDSA key contradicts itself");
        var parameters = curve.DecodePoint(point);
        parameters.D = Pad(secret, curve.FieldSize);
        try
        {
            return new EcdsaPrivateKey(curve, ECDsa.Create(parameters));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(parameters.D);
        }
    }

    // mpint     n
    // mpint     e
    // mpint     d
    // mpint     iqmp, the inverse of q modulo p
    // mpint     p
    // mpint     q
    private static RsaPrivateKey ReadRsa(ref SshReader reader)
    {
        var modulus = reader.ReadPositiveMpint();
        if (modulus.Length > RsaPublicKey.MaximumBits / 8)
            throw SshReader.Malformed("its RSA key is too large");
        var exponent = reader.ReadPositiveMpint();
        var secret = reader.ReadPositiveMpint();
        var inverseQ = reader.ReadPositiveMpint();
        var p = reader.ReadPositiveMpint();
        var q = reader.ReadPositiveMpint();

        var half = (modulus.Length + 1) / 2;
        var parameters = new RSAParameters
        {
            Modulus = modulus.ToArray(),
            Exponent = exponent.ToArray(),
            D = Pad(secret, modulus.Length),
            InverseQ = Pad(inverseQ, half),
            P = Pad(p, half),
            Q = Pad(q, half),
            DP = Reduce(secret, p, half),
            DQ = Reduce(secret, q, half),
        };
        try
        {
            return new RsaPrivateKey(RSA.Create(parameters));
        }
        finally
        {
            foreach (var number in (byte[][])[parameters.D, parameters.InverseQ, parameters.P, parameters.Q, parameters.DP, parameters.DQ])
                CryptographicOperations.ZeroMemory(number);
        }
    }

    private static byte[] Pad(ReadOnlySpan<byte> magnitude, int size)
    {
        if (magnitude.Length > size)
            throw SshReader.Malformed("one of its numbers is too large");
        var padded = new byte[size];
        magnitude.CopyTo(padded.AsSpan(size - magnitude.Length));
        return padded;
    }

    // d modulo (prime - 1), which .NET wants and OpenSSH leaves out. What BigInteger holds cannot be zeroed: it is left to the
    // garbage collector, as the file's content is before us.
    private static byte[] Reduce(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> prime, int size)
    {
        var modulus = new BigInteger(prime, isUnsigned: true, isBigEndian: true) - BigInteger.One;
        if (modulus.Sign <= 0)
            throw SshReader.Malformed("one of its primes is none");
        var reduced = BigInteger.Remainder(new BigInteger(secret, isUnsigned: true, isBigEndian: true), modulus);
        var bytes = reduced.ToByteArray(isUnsigned: true, isBigEndian: true);
        try
        {
            return Pad(bytes, size);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
