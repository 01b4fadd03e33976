using System.Security.Cryptography;
using System.Text;
using ActorTunnel.Ssh.Keys.Certificates;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Keys;

/// <summary>A public key in SSH's wire form (RFC 4253, section 6.6): of a host or of a user. May be a <see cref="Certificate"/>.</summary>
public abstract class PublicKey
{
    private protected PublicKey()
    {
    }

    /// <summary>
    /// The key type as it stands in the blob: <c>ssh-ed25519</c>, <c>ecdsa-sha2-nistp256</c>, <c>ssh-rsa</c>,
    /// <c>ssh-ed25519-cert-v01@openssh.com</c>.
    /// </summary>
    public abstract string Type { get; }

    /// <summary>The key in wire form.</summary>
    public abstract ReadOnlyMemory<byte> Blob { get; }

    /// <summary>
    /// The signature algorithms this key can be used with, best first: an RSA key has <c>rsa-sha2-512</c> and <c>rsa-sha2-256</c>
    /// (RFC 8332); other keys have their own type.
    /// </summary>
    public abstract IReadOnlyList<string> SignatureAlgorithms { get; }

    /// <summary>What people compare: <c>SHA256:</c> and the hash of the blob in base64, as OpenSSH prints it.</summary>
    public virtual string Fingerprint => "SHA256:" + Convert.ToBase64String(SHA256.HashData(Blob.Span)).TrimEnd('=');

    /// <summary>Reads a key or a certificate in wire form; nothing but its one canonical encoding is accepted.</summary>
    /// <exception cref="SshException">
    /// <see cref="SshFailure.ProtocolError"/>: malformed, not a point of its curve, too small or too large, of an unsupported type; a
    /// certificate that is not signed by the authority it names.
    /// </exception>
    public static PublicKey Parse(ReadOnlySpan<byte> blob)
    {
        var type = new SshReader(blob).ReadText();
        return CertificateNames.IsCertificate(type) ? CertificateFormat.Read(blob) : ParsePlain(blob);
    }

    /// <summary>As <see cref="Parse"/>; also a key in a FIDO device, which can be shown to a server and nothing else.</summary>
    internal static PublicKey ParseAny(ReadOnlySpan<byte> blob) => SecurityKey.TryParse(blob) ?? Parse(blob);

    /// <summary>As <see cref="Parse"/>, where a certificate is not allowed.</summary>
    internal static PublicKey ParsePlain(ReadOnlySpan<byte> blob)
    {
        var reader = new SshReader(blob);
        var key = KeyAlgorithms.ReadPublicKey(reader.ReadText(), ref reader);
        reader.ReadEnd();
        // Two spellings of one key would have two fingerprints, and known_hosts compares bytes.
        return key.Blob.Span.SequenceEqual(blob) ? key : throw SshReader.Malformed("a public key has a needless zero byte");
    }

    /// <summary>
    /// Reads the line of a <c>.pub</c> file: type, key in base64, and a comment that is ignored. Such a file may be about a key in a FIDO
    /// device, with which an agent can sign.
    /// </summary>
    /// <exception cref="SshException"><see cref="SshFailure.CredentialUnusable"/>.</exception>
    public static PublicKey ParseLine(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var fields = line.Split((char[])[' ', '\t', '\r', '\n'], 3, StringSplitOptions.RemoveEmptyEntries);
        try
        {
            if (fields.Length >= 2 && ParseAny(Convert.FromBase64String(fields[1])) is { } key && key.Type == fields[0])
                return key;
        }
        catch (Exception exception) when (exception is FormatException or SshException)
        {
            throw NotALine(exception);
        }

        throw NotALine(null);
    }

    /// <summary>The key as it stands in a <c>.pub</c> file: type and base64, without comment and line end.</summary>
    public string ToLine() => $"{Type} {Convert.ToBase64String(Blob.Span)}";

    /// <summary>
    /// Verifies a signature in wire form (string algorithm, string signature) over <paramref name="data"/>. False when the
    /// algorithm named inside is not <paramref name="algorithm"/> (of a certificate: the plain one it stands for), is not one of this
    /// key's, or the signature is malformed or wrong.
    /// </summary>
    public bool Verify(string algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (!SignatureAlgorithms.Contains(algorithm))
            return false;
        var plain = CertificateNames.Plain(algorithm);
        try
        {
            // RFC 4253, section 6.6:
            //   string    signature format identifier
            //   byte[n]   signature blob; a string in every format used here
            var reader = new SshReader(signature);
            var format = reader.ReadString();
            var raw = reader.ReadString();
            reader.ReadEnd();
            return format.SequenceEqual(Encoding.ASCII.GetBytes(plain)) && VerifyRaw(plain, data, raw);
        }
        catch (SshException exception) when (exception.Failure == SshFailure.ProtocolError)
        {
            return false; // A malformed signature is a wrong one: whoever asked ends the connection with a better message.
        }
    }

    internal abstract bool VerifyRaw(string algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

    private static SshException NotALine(Exception? cause) => new(
        SshFailure.CredentialUnusable, "Not a public key that can be used: expected a line like 'ssh-ed25519 AAAA... comment'.", cause);
}
