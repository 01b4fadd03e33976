namespace ActorTunnel.Ssh.Keys;

/// <summary>A private key that can sign. Disposing it removes the secret from memory.</summary>
public abstract class PrivateKey : IDisposable
{
    /// <summary>The public half.</summary>
    public abstract PublicKey PublicKey { get; }

    /// <summary>Signs <paramref name="data"/>; the result is in wire form (string algorithm, string signature).</summary>
    /// <param name="algorithm">One of the public key's <see cref="PublicKey.SignatureAlgorithms"/>.</param>
    /// <param name="data">What to sign.</param>
    public abstract byte[] Sign(string algorithm, ReadOnlySpan<byte> data);

    /// <inheritdoc/>
    public abstract void Dispose();
}
