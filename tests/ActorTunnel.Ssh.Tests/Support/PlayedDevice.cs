using System.Buffers;
using System.Security.Cryptography;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>A FIDO device with one key (PROTOCOL.u2f in OpenSSH's sources).</summary>
internal sealed class PlayedDevice : IDisposable
{
    private const string Type = "sk-ssh-ed25519@openssh.com";

    private static readonly byte[] _flagsAndCounter = [1, 0, 0, 0, 7]; // 1: somebody was there

    private readonly PrivateKey _key = PrivateKey.Generate("ssh-ed25519");

    // string    "sk-ssh-ed25519@openssh.com"
    // string    public key
    // string    application
    public byte[] Blob => Write(writer =>
    {
        writer.WriteText(Type);
        writer.WriteString(_key.PublicKey.Blob.Span[^32..]);
        writer.WriteText("ssh:");
    });

    /// <summary>As in a <c>.pub</c> file.</summary>
    public string Line => $"{Type} {Convert.ToBase64String(Blob)}";

    // What is signed is SHA256(application), flags, counter, SHA256(data):
    // string    "sk-ssh-ed25519@openssh.com"
    // string    signature
    // byte      flags
    // uint32    counter
    public byte[] Sign(byte[] data)
    {
        var signature = _key.Sign("ssh-ed25519", [.. SHA256.HashData("ssh:"u8), .. _flagsAndCounter, .. SHA256.HashData(data)]);
        return Write(writer =>
        {
            writer.WriteText(Type);
            writer.WriteString(signature.AsSpan()[^64..]);
            writer.WriteBytes(_flagsAndCounter);
        });
    }

    public void Dispose() => _key.Dispose();

    private static byte[] Write(Action<SshWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(new SshWriter(buffer));
        return buffer.WrittenSpan.ToArray();
    }
}
