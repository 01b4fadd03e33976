using System.Security.Cryptography;
using System.Text;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Keys.Formats;

/// <summary>OpenSSH's own format of key files (PROTOCOL.key in OpenSSH's sources).</summary>
internal readonly ref struct OpenSshFormat
{
    public const string Label = "OPENSSH PRIVATE KEY";

    private const int PlainBlockSize = 8; // of the cipher "none"

    private readonly OpenSshEncryption? _encryption;
    private readonly ReadOnlySpan<byte> _publicBlob;
    private readonly ReadOnlySpan<byte> _section;
    private readonly ReadOnlySpan<byte> _tag;

    // byte[15]  "openssh-key-v1" and a zero byte
    // string    ciphername
    // string    kdfname
    // string    kdfoptions
    // uint32    number of keys
    // string    public key
    // string    private section, encrypted
    // byte[n]   tag of a cipher that has one; not part of the string before
    public OpenSshFormat(ReadOnlySpan<byte> data)
    {
        var reader = new SshReader(data);
        if (!reader.ReadBytes(Magic.Length).SequenceEqual(Magic))
            throw SshReader.Malformed("it does not start as a key file");
        var cipher = reader.ReadString();
        var kdf = reader.ReadString();
        var kdfOptions = reader.ReadString();
        if (reader.ReadUInt32() != 1)
            throw new NotSupportedException("it holds several keys");
        _publicBlob = reader.ReadString();
        PublicKey = ReadPublicKey(_publicBlob);
        _section = reader.ReadString();
        _encryption = cipher.SequenceEqual("none"u8) ? null : OpenSshEncryption.Read(cipher, kdf, kdfOptions);
        _tag = reader.ReadBytes(_encryption?.TagSize ?? 0);
        reader.ReadEnd();
        if (_section.Length % BlockSize != 0)
            throw SshReader.Malformed("its private section makes no sense");
    }

    public PublicKey PublicKey { get; }

    public bool IsEncrypted => _encryption is not null;

    private int BlockSize => _encryption?.BlockSize ?? PlainBlockSize;

    private static ReadOnlySpan<byte> Magic => "openssh-key-v1\0"u8;

    public PrivateKey Open(ReadOnlySpan<byte> passphrase, CancellationToken cancellationToken)
    {
        if (_encryption is null)
            return ReadPrivateSection(_section);
        var section = _encryption.Decrypt(_section, _tag, passphrase, cancellationToken);
        try
        {
            return ReadPrivateSection(section);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(section);
        }
    }

    // uint32    checkint
    // uint32    the same, so that a wrong passphrase shows
    // string    key type
    // ...       the numbers of the key
    // string    comment
    // byte[n]   1, 2, 3, ... up to a whole number of blocks
    private PrivateKey ReadPrivateSection(ReadOnlySpan<byte> section)
    {
        var reader = new SshReader(section);
        if (reader.ReadUInt32() != reader.ReadUInt32())
            throw SshReader.Malformed("its private section makes no sense");
        var key = OpenSshPrivateFields.Read(Encoding.ASCII.GetString(reader.ReadString()), ref reader);
        try
        {
            reader.ReadString();
            for (var expected = 1; !reader.AtEnd; expected++)
                if (reader.ReadByte() != expected || expected >= BlockSize)
                    throw SshReader.Malformed("its padding is wrong");
            // .NET has checked that the private numbers belong to the public ones inside; that those are the ones outside is left to us.
            return key.PublicKey.Blob.Span.SequenceEqual(_publicBlob)
                ? key
                : throw SshReader.Malformed("its two halves do not belong together");
        }
        catch (SshException)
        {
            key.Dispose(); // The secret must not stay behind; the caller names the error.
            throw;
        }
    }

    private static PublicKey ReadPublicKey(ReadOnlySpan<byte> blob)
    {
        try
        {
            return SecurityKey.TryParse(blob) is null ? PublicKey.Parse(blob) : throw new NotSupportedException(
                "its key is in a FIDO device, with which only an SSH agent can sign; give it the key with: ssh-add FILE");
        }
        catch (SshException exception) when (exception.Failure == SshFailure.ProtocolError)
        {
            throw new NotSupportedException(
                "its key is damaged or of a kind that is not supported here: ed25519, ecdsa and rsa of 2048 bits and more are", exception);
        }
    }
}
