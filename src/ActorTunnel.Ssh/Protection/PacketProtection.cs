using System.Security.Cryptography;

namespace ActorTunnel.Ssh.Protection;

/// <summary>
/// A way to protect packets that can be negotiated: how many bytes of key material each direction needs (RFC 4253, section 7.2) and
/// what makes a sealer and an opener of them. The makers copy what they are given; the caller zeroes it.
/// </summary>
internal sealed class PacketProtection
{
    private static readonly OrderedDictionary<string, PacketProtection> _ciphers = Supported();

    /// <summary>Makes the protection of one direction.</summary>
    public delegate T Maker<T>(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> macKey);

    /// <summary>The encryption algorithms this machine can do, by their names in SSH_MSG_KEXINIT, best first.</summary>
    public static IReadOnlyList<string> Ciphers { get; } = [.. _ciphers.Keys];

    /// <summary>The MAC algorithms, best first.</summary>
    public static IReadOnlyList<string> Macs { get; } =
        ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"];

    /// <summary>Bytes of the encryption key.</summary>
    public required int KeySize { get; init; }

    /// <summary>Bytes of the initial IV.</summary>
    public required int IvSize { get; init; }

    /// <summary>Bytes of the integrity key; 0 when the cipher authenticates by itself and no MAC is negotiated.</summary>
    public required int MacKeySize { get; init; }

    /// <summary>Makes the sending side.</summary>
    public required Maker<IPacketSealer> CreateSealer { get; init; }

    /// <summary>Makes the receiving side.</summary>
    public required Maker<IPacketOpener> CreateOpener { get; init; }

    /// <summary>One of <see cref="Ciphers"/>.</summary>
    public static PacketProtection Get(string name) => _ciphers[name];

    private static OrderedDictionary<string, PacketProtection> Supported()
    {
        var ciphers = new OrderedDictionary<string, PacketProtection>();
        if (AesGcm.IsSupported)
        {
            // 128 bits first: it is the faster one, and nobody breaks either.
            ciphers["aes128-gcm@openssh.com"] = WithAesGcm(keySize: 16);
            ciphers["aes256-gcm@openssh.com"] = WithAesGcm(keySize: 32);
        }

        return ciphers;
    }

    private static PacketProtection WithAesGcm(int keySize) => new()
    {
        KeySize = keySize,
        IvSize = AesGcmProtection.NonceSize,
        MacKeySize = 0,
        CreateSealer = (key, iv, _) => new AesGcmProtection(key, iv),
        CreateOpener = (key, iv, _) => new AesGcmProtection(key, iv),
    };
}
