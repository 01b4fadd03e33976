using System.Buffers;
using System.Security.Cryptography;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Tests.Keys;

/// <summary>Writes signature files that <c>ssh-keygen -Y check-novalidate</c> reads (PROTOCOL.sshsig in OpenSSH's sources).</summary>
internal static class SshSignature
{
    public const string Namespace = "test";

    private const string Hash = "sha512";

    public static string Make(PrivateKey key, string algorithm, ReadOnlySpan<byte> data)
    {
        var hash = SHA512.HashData(data);
        var signed = Write(writer =>
        {
            writer.WriteBytes("SSHSIG"u8);
            writer.WriteText(Namespace);
            writer.WriteText("");
            writer.WriteText(Hash);
            writer.WriteString(hash);
        });
        var file = Write(writer =>
        {
            writer.WriteBytes("SSHSIG"u8);
            writer.WriteUInt32(1);
            writer.WriteString(key.PublicKey.Blob.Span);
            writer.WriteText(Namespace);
            writer.WriteText("");
            writer.WriteText(Hash);
            writer.WriteString(key.Sign(algorithm, signed));
        });
        var base64 = Convert.ToBase64String(file, Base64FormattingOptions.InsertLineBreaks).ReplaceLineEndings("\n");
        return $"-----BEGIN SSH SIGNATURE-----\n{base64}\n-----END SSH SIGNATURE-----\n";
    }

    private static byte[] Write(Action<SshWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(new SshWriter(buffer));
        return buffer.WrittenSpan.ToArray();
    }
}
