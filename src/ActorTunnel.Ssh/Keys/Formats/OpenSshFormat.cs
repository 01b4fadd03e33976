using System.Text;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Keys.Formats;

/// <summary>OpenSSH's own format of key files (PROTOCOL.key in OpenSSH's sources), not encrypted.</summary>
internal static class OpenSshFormat
{
    public const string Label = "OPENSSH PRIVATE KEY";

    private const int BlockSize = 8; // of the cipher "none"

    private static ReadOnlySpan<byte> Magic => "openssh-key-v1\0"u8;

    // byte[15]  "openssh-key-v1" and a zero byte
    // string    ciphername
    // string    kdfname
    // string    kdfoptions
    // uint32    number of keys
    // string    public key
    // string    private section, encrypted
    public static PrivateKey Read(ReadOnlySpan<byte> data, string fileName)
    {
        var reader = new SshReader(data);
        if (!reader.ReadBytes(Magic.Length).SequenceEqual(Magic))
            throw SshReader.Malformed("it does not start as a key file");
        var cipher = reader.ReadString();
        reader.ReadString();
        reader.ReadString();
        if (reader.ReadUInt32() != 1)
            throw new NotSupportedException("it holds several keys");
        var publicBlob = reader.ReadString();
        var privateSection = reader.ReadString();
        reader.ReadEnd();
        var publicKey = ReadPublicKey(publicBlob);
        if (!cipher.SequenceEqual("none"u8))
            throw Encrypted(publicKey, fileName);

        // .NET has checked that the private numbers belong to the public ones inside; that those are the ones outside is left to us.
        var privateKey = ReadPrivateSection(privateSection);
        if (privateKey.PublicKey.Blob.Span.SequenceEqual(publicBlob))
            return privateKey;
        privateKey.Dispose();
        throw SshReader.Malformed("its two halves do not belong together");
    }

    // uint32    checkint
    // uint32    the same
    // string    key type
    // ...       the numbers of the key
    // string    comment
    // byte[n]   1, 2, 3, ... up to a whole number of blocks
    private static PrivateKey ReadPrivateSection(ReadOnlySpan<byte> section)
    {
        var reader = new SshReader(section);
        if (reader.ReadUInt32() != reader.ReadUInt32() || section.Length % BlockSize != 0)
            throw SshReader.Malformed("its private section makes no sense");
        var key = OpenSshPrivateFields.Read(Encoding.ASCII.GetString(reader.ReadString()), ref reader);
        try
        {
            reader.ReadString();
            for (var expected = 1; !reader.AtEnd; expected++)
                if (reader.ReadByte() != expected || expected >= BlockSize)
                    throw SshReader.Malformed("its padding is wrong");
            return key;
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
            return PublicKey.Parse(blob);
        }
        catch (SshException exception) when (exception.Failure == SshFailure.ProtocolError)
        {
            throw new NotSupportedException(
                "its key is damaged or of a kind that is not supported here: ed25519, ecdsa and rsa of 2048 bits and more are", exception);
        }
    }

    // ssh-keygen does not write Ed25519 keys as PKCS#8.
    private static NotSupportedException Encrypted(PublicKey key, string fileName) => new(
        "it is encrypted in OpenSSH's own format, which this version cannot read yet; " + (key.Type == Ed25519PublicKey.KeyType
            ? $"until then take its passphrase away with: ssh-keygen -p -N '' -f {fileName}"
            : $"convert it with: ssh-keygen -p -m PKCS8 -f {fileName}"));
}
