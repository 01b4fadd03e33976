using System.Security.Cryptography;

namespace ActorTunnel.Ssh.Keys.Formats;

/// <summary>The formats of one algorithm each: PKCS#1 (RFC 8017, appendix A.1.2) and SEC 1 (RFC 5915).</summary>
internal static class PemFormats
{
    public const string RsaLabel = "RSA PRIVATE KEY";
    public const string EcLabel = "EC PRIVATE KEY";

    public static PrivateKey ReadRsa(ReadOnlySpan<byte> data)
    {
        var rsa = RSA.Create();
        return Import(rsa, data, static (key, bytes) => key.ImportRSAPrivateKey(bytes, out _), FromRsa);
    }

    public static PrivateKey ReadEc(ReadOnlySpan<byte> data)
    {
        var ecdsa = ECDsa.Create();
        return Import(ecdsa, data, static (key, bytes) => key.ImportECPrivateKey(bytes, out _), FromEcdsa);
    }

    /// <summary>Fills <paramref name="key"/> and makes a private key of it, which then owns it; disposes it when either fails.</summary>
    public static PrivateKey Import<T>(
        T key, ReadOnlySpan<byte> data, Action<T, ReadOnlySpan<byte>> import, Func<T, PrivateKey> owner) where T : IDisposable
    {
        try
        {
            import(key, data);
            return owner(key);
        }
        catch
        {
            key.Dispose(); // Whatever went wrong is the caller's to name; the secret must not stay behind.
            throw;
        }
    }

    public static PrivateKey FromRsa(RSA rsa) => rsa.KeySize is >= RsaPublicKey.MinimumBits and <= RsaPublicKey.MaximumBits
        ? new RsaPrivateKey(rsa)
        : throw new NotSupportedException(
            $"its RSA key has {rsa.KeySize} bits, at least {RsaPublicKey.MinimumBits} are needed; make a new key with: ssh-keygen");

    public static PrivateKey FromEcdsa(ECDsa ecdsa)
    {
        var curve = ecdsa.ExportParameters(includePrivateParameters: false).Curve;
        return NistCurve.All.FirstOrDefault(known => curve.IsNamed && known.Curve.Oid.Value == curve.Oid.Value) is { } named
            ? new EcdsaPrivateKey(named, ecdsa)
            : throw new NotSupportedException("its curve is not one SSH has; make a new key with: ssh-keygen");
    }
}
