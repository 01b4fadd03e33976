using System.Formats.Asn1;
using System.Security.Cryptography;
using ActorTunnel.Ssh.Keys.Formats;

namespace ActorTunnel.Ssh.Keys;

/// <summary>
/// A private key as it is stored: OpenSSH's own format, PKCS#8, PKCS#1 or SEC 1, the last three in PEM, plain or encrypted. Who may
/// read the file is for its reader to check. A plain file is a secret as it is: disposing this object removes it from memory.
/// </summary>
public sealed class KeyFile : IDisposable
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
        if (IsEncrypted)
        {
            // Nobody is to be asked for a passphrase that would be of no use.
            if (block.Label == Pbes2.Label)
                Pbes2.Check(block.Data);
            else
                TraditionalEncryption.Check(block);
            return;
        }

        if (block.Label == OpenSshFormat.Label)
        {
            var file = new OpenSshFormat(block.Data);
            IsEncrypted = file.IsEncrypted;
            PublicKey = file.PublicKey;
            if (IsEncrypted)
                return;
        }

        // What is not encrypted is checked at once, and to the end.
        using var key = Read(passphrase: [], CancellationToken.None);
        PublicKey = key.PublicKey;
    }

    /// <summary>The public half; null when it cannot be known without the passphrase.</summary>
    public PublicKey? PublicKey { get; }

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
        try
        {
            return new KeyFile(name, block);
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            CryptographicOperations.ZeroMemory(block.Data);
            throw Unusable(name, exception is NotSupportedException ? exception.Message : "it is damaged", exception);
        }
    }

    /// <summary>
    /// Decrypts and reads the key. Passphrases are made slow to guess: this takes from milliseconds to minutes, as the file says.
    /// </summary>
    /// <param name="passphrase">UTF-8; ignored when the file is not encrypted. Stays the caller's, to be zeroed.</param>
    /// <param name="cancellationToken">Gives up; noticed while an OpenSSH file's passphrase is worked on.</param>
    /// <exception cref="SshException"><see cref="SshFailure.CredentialUnusable"/>: wrong passphrase, damaged, unsupported.</exception>
    public PrivateKey Open(ReadOnlySpan<byte> passphrase, CancellationToken cancellationToken = default)
    {
        try
        {
            return Read(passphrase, cancellationToken);
        }
        catch (NotSupportedException exception)
        {
            throw Unusable(_name, exception.Message, exception); // The formats say what they lack in words for the user.
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            // With a wrong passphrase the padding is wrong, or by chance it is not and the content makes no sense.
            throw Unusable(_name, IsEncrypted ? "the passphrase is wrong, or the file is damaged" : "it is damaged", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_block.Data);

    private static bool IsPrivateKey(string label) =>
        label is OpenSshFormat.Label or Pkcs8.Label or Pbes2.Label or PemFormats.RsaLabel or PemFormats.EcLabel;

    private static SshException Unusable(string name, string what, Exception? cause = null) =>
        new(SshFailure.CredentialUnusable, $"Cannot use the key file {name}: {what}.", cause);

    private static bool IsExpected(Exception exception) =>
        exception is NotSupportedException or CryptographicException or AsnContentException or SshException;

    private PrivateKey Read(ReadOnlySpan<byte> passphrase, CancellationToken cancellationToken)
    {
        if (_block.Label == OpenSshFormat.Label)
            return new OpenSshFormat(_block.Data).Open(passphrase, cancellationToken);
        if (!IsEncrypted)
            return ReadPem(_block.Label, _block.Data);
        var (label, plain) = _block.Label == Pbes2.Label
            ? (Pkcs8.Label, Pbes2.Decrypt(_block.Data, passphrase))
            : (_block.Label, TraditionalEncryption.Decrypt(_block, passphrase));
        try
        {
            return ReadPem(label, plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static PrivateKey ReadPem(string label, byte[] plain) => label switch
    {
        Pkcs8.Label => Pkcs8.Read(plain),
        PemFormats.RsaLabel => PemFormats.ReadRsa(plain),
        _ => PemFormats.ReadEc(plain),
    };
}
