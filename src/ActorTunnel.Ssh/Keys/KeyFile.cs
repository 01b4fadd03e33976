using System.Formats.Asn1;
using System.Security.Cryptography;
using ActorTunnel.Ssh.Keys.Formats;

namespace ActorTunnel.Ssh.Keys;

/// <summary>
/// A private key as it is stored: OpenSSH's own format, PKCS#8, PKCS#1 or SEC 1, the last three in PEM, plain or encrypted. Who may
/// read the file is for its reader to check.
/// </summary>
public sealed class KeyFile
{
    /// <summary>Bytes of the largest file that is looked at.</summary>
    public const int MaximumSize = 1 << 20;

    private readonly string _name;
    private readonly PemBlock _block;

    private KeyFile(string name, PemBlock block)
    {
        _name = name;
        _block = block;
        IsEncrypted = block.Label == Pbes2.Label || TraditionalEncryption.IsUsed(block);
    }

    /// <summary>The public half; null when it cannot be known without the passphrase.</summary>
    public PublicKey? PublicKey { get; private init; }

    /// <summary>Whether <see cref="Open"/> needs a passphrase.</summary>
    public bool IsEncrypted { get; }

    /// <summary>Looks at the content of a key file, and checks all of it that is not encrypted.</summary>
    /// <param name="name">What people call the file: its path.</param>
    /// <param name="content">The file as it is; a copy of the part that is a key is kept.</param>
    /// <exception cref="SshException">
    /// <see cref="SshFailure.CredentialUnusable"/>: one line that names the file and says what to do.
    /// </exception>
    public static KeyFile Parse(string name, ReadOnlyMemory<byte> content)
    {
        if (content.Length > MaximumSize || PemBlock.Find(content.Span, IsPrivateKey) is not { } block)
            throw Unusable(name, "it is not a private key in OpenSSH or PEM format, or it is cut off");
        var file = new KeyFile(name, block);
        if (file.IsEncrypted)
            return file;
        using var key = file.Open([]);
        return new KeyFile(name, block) { PublicKey = key.PublicKey };
    }

    /// <summary>Decrypts and reads the key.</summary>
    /// <param name="passphrase">UTF-8; ignored when the file is not encrypted. Stays the caller's, to be zeroed.</param>
    /// <exception cref="SshException"><see cref="SshFailure.CredentialUnusable"/>: wrong passphrase, damaged, unsupported.</exception>
    public PrivateKey Open(ReadOnlySpan<byte> passphrase)
    {
        try
        {
            if (!IsEncrypted)
                return Read(_block.Label, _block.Data);
            var (label, plain) = Decrypt(passphrase);
            try
            {
                return Read(label, plain);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(plain);
            }
        }
        catch (NotSupportedException exception)
        {
            throw Unusable(_name, exception.Message, exception); // The formats say what they lack in words for the user.
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException or SshException)
        {
            // With a wrong passphrase the padding is wrong, or by chance it is not and the content makes no sense.
            throw Unusable(_name, IsEncrypted ? "the passphrase is wrong, or the file is damaged" : "it is damaged", exception);
        }
    }

    private static bool IsPrivateKey(string label) =>
        label is OpenSshFormat.Label or Pkcs8.Label or Pbes2.Label or PemFormats.RsaLabel or PemFormats.EcLabel;

    private static SshException Unusable(string name, string what, Exception? cause = null) =>
        new(SshFailure.CredentialUnusable, $"Cannot use the key file {name}: {what}.", cause);

    private (string Label, byte[] Plain) Decrypt(ReadOnlySpan<byte> passphrase) => _block.Label == Pbes2.Label
        ? (Pkcs8.Label, Pbes2.Decrypt(_block.Data, passphrase))
        : (_block.Label, TraditionalEncryption.Decrypt(_block, passphrase));

    private PrivateKey Read(string label, byte[] plain) => label switch
    {
        OpenSshFormat.Label => OpenSshFormat.Read(plain, _name),
        Pkcs8.Label => Pkcs8.Read(plain),
        PemFormats.RsaLabel => PemFormats.ReadRsa(plain),
        _ => PemFormats.ReadEc(plain),
    };
}
