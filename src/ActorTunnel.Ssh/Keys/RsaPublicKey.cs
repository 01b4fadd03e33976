using System.Buffers;
using System.Security.Cryptography;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Keys;

/// <summary>ssh-rsa keys (RFC 4253, section 6.6), which sign with rsa-sha2-256 and rsa-sha2-512 (RFC 8332) and never with SHA-1.</summary>
internal sealed class RsaPublicKey : PublicKey
{
    public const string KeyType = "ssh-rsa";

    /// <summary>Bits of the smallest modulus that is trusted.</summary>
    public const int MinimumBits = 2048;

    /// <summary>Bits of the largest modulus that is worked on: the peer chooses how long a verification takes.</summary>
    public const int MaximumBits = 16384;

    private const int MaximumExponentSize = sizeof(ulong);

    private const string Sha512Algorithm = "rsa-sha2-512";

    private readonly RSAParameters _parameters;

    /// <param name="parameters">Modulus and exponent without leading zeros.</param>
    public RsaPublicKey(RSAParameters parameters)
    {
        _parameters = parameters;

        // RFC 4253, section 6.6:
        //   string    "ssh-rsa"
        //   mpint     e
        //   mpint     n
        var blob = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(blob);
        writer.WriteText(KeyType);
        writer.WritePositiveMpint(parameters.Exponent);
        writer.WritePositiveMpint(parameters.Modulus);
        Blob = blob.WrittenMemory;
    }

    /// <summary>Best first.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = [Sha512Algorithm, "rsa-sha2-256"];

    public override string Type => KeyType;

    public override ReadOnlyMemory<byte> Blob { get; }

    public override IReadOnlyList<string> SignatureAlgorithms => Algorithms;

    public static HashAlgorithmName Hash(string algorithm) =>
        algorithm == Sha512Algorithm ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256;

    public static RsaPublicKey Read(ref SshReader reader)
    {
        var exponent = reader.ReadPositiveMpint();
        var modulus = reader.ReadPositiveMpint();
        if (BitLength(modulus) is < MinimumBits or > MaximumBits || (modulus[^1] & 1) == 0)
            throw SshReader.Malformed($"an RSA key does not have {MinimumBits} to {MaximumBits} bits");
        if (exponent.Length is 0 or > MaximumExponentSize || (exponent[^1] & 1) == 0 || exponent.SequenceEqual((ReadOnlySpan<byte>)[1]))
            throw SshReader.Malformed("an RSA key has an impossible exponent");
        return new(new RSAParameters { Exponent = exponent.ToArray(), Modulus = modulus.ToArray() });
    }

    internal override bool VerifyRaw(string algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var size = _parameters.Modulus!.Length;
        if (signature.Length > size)
            return false;

        // Some peers leave out leading zeros, as if it were an mpint; OpenSSH takes that too.
        Span<byte> padded = stackalloc byte[size];
        padded.Clear();
        signature.CopyTo(padded[(size - signature.Length)..]);
        using var rsa = RSA.Create(_parameters);
        return rsa.VerifyData(data, padded, Hash(algorithm), RSASignaturePadding.Pkcs1);
    }

    private static int BitLength(ReadOnlySpan<byte> magnitude) =>
        magnitude.IsEmpty ? 0 : (magnitude.Length * 8) - byte.LeadingZeroCount(magnitude[0]);
}
