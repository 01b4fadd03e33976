using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Keys;

/// <summary>ecdsa-sha2-nistp256, -nistp384 and -nistp521 (RFC 5656, section 3).</summary>
internal sealed class EcdsaPublicKey : PublicKey
{
    private readonly NistCurve _curve;
    private readonly ECParameters _parameters;

    /// <param name="curve">The curve.</param>
    /// <param name="parameters">A point that is known to lie on it.</param>
    public EcdsaPublicKey(NistCurve curve, ECParameters parameters)
    {
        _curve = curve;
        _parameters = parameters;
        Type = KeyType(curve);
        SignatureAlgorithms = [Type];

        // RFC 5656, section 3.1:
        //   string   "ecdsa-sha2-[identifier]"
        //   string   [identifier]
        //   string   Q
        var blob = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(blob);
        writer.WriteText(Type);
        writer.WriteText(curve.Name);
        writer.WriteString(NistCurve.EncodePoint(parameters.Q));
        Blob = blob.WrittenMemory;
    }

    public override string Type { get; }

    public override ReadOnlyMemory<byte> Blob { get; }

    public override IReadOnlyList<string> SignatureAlgorithms { get; }

    public static string KeyType(NistCurve curve) => "ecdsa-sha2-" + curve.Name;

    public static EcdsaPublicKey Read(NistCurve curve, ref SshReader reader)
    {
        if (!reader.ReadString().SequenceEqual(Encoding.ASCII.GetBytes(curve.Name)))
            throw SshReader.Malformed("an ECDSA key names two curves");
        var point = reader.ReadString();
        if (!curve.IsUncompressedPoint(point))
            throw SshReader.Malformed("an ECDSA key is not an uncompressed point");
        try
        {
            var parameters = curve.DecodePoint(point);
            using var onCurve = ECDsa.Create(parameters); // The import is what checks that the point is on the curve.
            return new(curve, parameters);
        }
        catch (CryptographicException)
        {
            throw SshReader.Malformed("an ECDSA key is not a point on its curve");
        }
    }

    // RFC 5656, section 3.1.2; .NET wants both numbers at the curve's full size, one after the other:
    //   mpint    r
    //   mpint    s
    internal override bool VerifyRaw(string algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var reader = new SshReader(signature);
        var r = reader.ReadPositiveMpint();
        var s = reader.ReadPositiveMpint();
        reader.ReadEnd();
        var size = _curve.FieldSize;
        if (r.Length > size || s.Length > size)
            return false;

        Span<byte> numbers = stackalloc byte[2 * size];
        numbers.Clear();
        r.CopyTo(numbers[(size - r.Length)..]);
        s.CopyTo(numbers[((2 * size) - s.Length)..]);
        using var ecdsa = ECDsa.Create(_parameters);
        return ecdsa.VerifyData(data, numbers, _curve.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
