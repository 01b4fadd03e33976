using System.Buffers;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Keys;

/// <summary>A private key that can sign. Disposing it removes the secret from memory.</summary>
public abstract class PrivateKey : IDisposable
{
    private protected PrivateKey()
    {
    }

    /// <summary>The public half.</summary>
    public abstract PublicKey PublicKey { get; }

    /// <summary>Makes a new key.</summary>
    /// <param name="type">
    /// <c>ssh-ed25519</c>, <c>ecdsa-sha2-nistp256</c>, <c>-nistp384</c>, <c>-nistp521</c>, or <c>ssh-rsa</c> (3072 bits).
    /// </param>
    /// <exception cref="NotSupportedException">This machine cannot make keys of that type.</exception>
    public static PrivateKey Generate(string type) => KeyAlgorithms.Generate(type);

    /// <summary>Signs <paramref name="data"/>; the result is in wire form (string algorithm, string signature).</summary>
    /// <param name="algorithm">One of the public key's <see cref="PublicKey.SignatureAlgorithms"/>.</param>
    /// <param name="data">What to sign.</param>
    public byte[] Sign(string algorithm, ReadOnlySpan<byte> data)
    {
        if (!PublicKey.SignatureAlgorithms.Contains(algorithm))
            throw new ArgumentException($"A key of type {PublicKey.Type} does not sign with {algorithm}.", nameof(algorithm));

        // RFC 4253, section 6.6:
        //   string    signature format identifier
        //   byte[n]   signature blob; a string in every format used here
        var signature = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(signature);
        writer.WriteText(algorithm);
        writer.WriteString(SignRaw(algorithm, data));
        return signature.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    private protected abstract byte[] SignRaw(string algorithm, ReadOnlySpan<byte> data);
}
