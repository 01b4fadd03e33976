using System.Text;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Keys.Certificates;

/// <summary>OpenSSH's certificates in wire form (PROTOCOL.certkeys in OpenSSH's sources).</summary>
internal static class CertificateFormat
{
    /// <summary>The most principals, critical options and extensions, each: OpenSSH's own limit for principals.</summary>
    public const int MaximumEntries = 256;

    // 9999-12-31T23:59:59Z
    private static readonly ulong _lastSecond = (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    //   string    type of the certificate: that of the key with "-cert-v01@openssh.com"
    //   string    nonce
    //   ...       the fields of the certified key, as they follow the type in its own blob
    //   uint64    serial
    //   uint32    type
    //   string    key id
    //   string    valid principals
    //   uint64    valid after
    //   uint64    valid before
    //   string    critical options
    //   string    extensions
    //   string    reserved
    //   string    signature key
    //   string    signature, over all of the above
    public static Certificate Read(ReadOnlySpan<byte> blob)
    {
        var reader = new SshReader(blob);
        var type = CertificateNames.Plain(reader.ReadText());
        reader.ReadString();
        var key = ReadKey(type, ref reader);
        var serial = reader.ReadUInt64();
        var kind = ReadKind(ref reader);
        var keyId = reader.ReadDisplayText();
        var principals = ReadPrincipals(reader.ReadString());
        var validAfter = ReadTime(ref reader);
        var validBefore = ReadTime(ref reader);
        var criticalOptions = ReadOptions(reader.ReadString());
        ReadOptions(reader.ReadString()); // extensions: nothing here heeds one, but they have to be well-formed
        reader.ReadString();
        var authority = reader.ReadString();
        var signatureKey = SecurityKey.TryParse(authority) ?? PublicKey.ParsePlain(authority); // never a certificate: there are no chains
        var signed = blob[..^reader.Rest.Length];
        var signature = reader.ReadString();
        // What a FIDO device signed is not verified here. It need not be: we only show a user's certificate, to a server that does.
        if (signatureKey is not SecurityKey || kind != CertificateKind.User)
            CheckSignature(signatureKey, signed, signature);
        reader.ReadEnd();
        return new(blob.ToArray(), key)
        {
            Serial = serial,
            Kind = kind,
            KeyId = keyId,
            Principals = principals,
            ValidAfter = validAfter,
            ValidBefore = validBefore,
            CriticalOptions = criticalOptions,
            SignatureKey = signatureKey,
        };
    }

    private static PublicKey ReadKey(string type, ref SshReader reader)
    {
        var fields = reader.Rest;
        var key = SecurityKey.IsType(type) ? SecurityKey.Read(type, ref reader) : KeyAlgorithms.ReadPublicKey(type, ref reader);
        // As in PublicKey.Parse: one key, one spelling. The key's own blob is the type, then these fields.
        var blob = key.Blob.Span;
        return blob[(sizeof(uint) + type.Length)..].SequenceEqual(fields[..^reader.Rest.Length])
            ? key
            : throw SshReader.Malformed("a certified key has a needless zero byte");
    }

    private static CertificateKind ReadKind(ref SshReader reader) => (CertificateKind)reader.ReadUInt32() switch
    {
        CertificateKind.User => CertificateKind.User,
        CertificateKind.Host => CertificateKind.Host,
        _ => throw SshReader.Malformed("a certificate is neither a user's nor a host's"),
    };

    // A sequence of strings.
    private static List<string> ReadPrincipals(ReadOnlySpan<byte> list)
    {
        var principals = new List<string>();
        for (var reader = new SshReader(list); !reader.AtEnd;)
        {
            principals.Add(reader.ReadText());
            CheckCount(principals.Count);
        }

        return principals;
    }

    //   string    name
    //   string    data
    // and so on, in lexical order, each name once.
    private static List<string> ReadOptions(ReadOnlySpan<byte> list)
    {
        var names = new List<string>();
        ReadOnlySpan<byte> previous = [];
        for (var reader = new SshReader(list); !reader.AtEnd;)
        {
            var name = reader.ReadString();
            reader.ReadString();
            if (names.Count > 0 && previous.SequenceCompareTo(name) >= 0)
                throw SshReader.Malformed("the options of a certificate are not in order");
            previous = name;
            names.Add(Encoding.UTF8.GetString(name));
            CheckCount(names.Count);
        }

        return names;
    }

    private static void CheckCount(int count)
    {
        if (count > MaximumEntries)
            throw SshReader.Malformed($"a certificate has a list of more than {MaximumEntries} entries");
    }

    // Seconds since 1970-01-01 UTC; all ones stand for "for ever".
    private static DateTimeOffset ReadTime(ref SshReader reader) =>
        DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(reader.ReadUInt64(), _lastSecond));

    // The signature names its algorithm. Those of a key do not have ssh-rsa among them: a SHA-1 signature certifies nothing.
    private static void CheckSignature(PublicKey key, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        foreach (var algorithm in key.SignatureAlgorithms)
        {
            if (key.Verify(algorithm, signed, signature))
                return;
        }

        throw SshReader.Malformed("a certificate is not signed by its authority, or with an algorithm that is not allowed");
    }
}
