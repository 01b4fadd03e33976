using System.Buffers;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Tests.Keys.Certificates;

/// <summary>Makes certificates that ssh-keygen would not: each field as the test wants it, and signed all the same.</summary>
internal sealed record CertificateMaker(PrivateKey Authority, PublicKey Key)
{
    public string Type { get; init; } = Key.Type + "-cert-v01@openssh.com";

    public byte[] KeyFields { get; init; } = Key.Blob[(sizeof(uint) + Key.Type.Length)..].ToArray();

    public uint Kind { get; init; } = (uint)CertificateKind.Host;

    public byte[] Principals { get; init; } = Strings("h");

    public ulong ValidAfter { get; init; }

    public ulong ValidBefore { get; init; } = ulong.MaxValue;

    public byte[] CriticalOptions { get; init; } = [];

    public byte[] Extensions { get; init; } = [];

    public byte[] SignatureKey { get; init; } = Authority.PublicKey.Blob.ToArray();

    /// <summary>Null stands for the right one.</summary>
    public Func<byte[], byte[]>? Sign { get; init; }

    public static byte[] Strings(params string[] strings) => Write(writer =>
    {
        foreach (var text in strings)
            writer.WriteText(text);
    });

    public byte[] Make()
    {
        var signed = Write(writer =>
        {
            writer.WriteText(Type);
            writer.WriteString(new byte[32]);
            writer.WriteBytes(KeyFields);
            WriteUInt64(writer, 42);
            writer.WriteUInt32(Kind);
            writer.WriteText("key id");
            writer.WriteString(Principals);
            WriteUInt64(writer, ValidAfter);
            WriteUInt64(writer, ValidBefore);
            writer.WriteString(CriticalOptions);
            writer.WriteString(Extensions);
            writer.WriteString([]);
            writer.WriteString(SignatureKey);
        });
        var signature = Sign?.Invoke(signed) ?? Authority.Sign(Authority.PublicKey.SignatureAlgorithms[0], signed);
        return Write(writer =>
        {
            writer.WriteBytes(signed);
            writer.WriteString(signature);
        });
    }

    public Certificate Parse() => (Certificate)PublicKey.Parse(Make());

    public static byte[] Write(Action<SshWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(new SshWriter(buffer));
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteUInt64(SshWriter writer, ulong value)
    {
        writer.WriteUInt32((uint)(value >> 32));
        writer.WriteUInt32((uint)value);
    }
}
