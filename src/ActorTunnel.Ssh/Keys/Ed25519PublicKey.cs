using System.Buffers;
using ActorTunnel.Ssh.Interop;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Keys;

/// <summary>ssh-ed25519 (RFC 8709).</summary>
internal sealed class Ed25519PublicKey : PublicKey
{
    public const string KeyType = "ssh-ed25519";

    private readonly byte[] _key;

    /// <param name="key">The 32 bytes of RFC 8032, section 5.1.2.</param>
    public Ed25519PublicKey(byte[] key)
    {
        _key = key;

        // RFC 8709, section 4:
        //   string   "ssh-ed25519"
        //   string   key
        var blob = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(blob);
        writer.WriteText(KeyType);
        writer.WriteString(key);
        Blob = blob.WrittenMemory;
    }

    public override string Type => KeyType;

    public override ReadOnlyMemory<byte> Blob { get; }

    public override IReadOnlyList<string> SignatureAlgorithms { get; } = [KeyType];

    public static Ed25519PublicKey Read(ref SshReader reader)
    {
        var key = reader.ReadString();
        return key.Length == EvpKey.Size ? new(key.ToArray()) : throw SshReader.Malformed("an Ed25519 key is not 32 bytes long");
    }

    // RFC 8709, section 6: the signature is the 64 bytes of RFC 8032.
    internal override bool VerifyRaw(string algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        Ed25519.Verify(_key, data, signature);
}
