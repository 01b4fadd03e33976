using System.Security.Cryptography;
using ActorTunnel.Ssh.Interop;

namespace ActorTunnel.Ssh.Protection;

/// <summary>
/// A way to protect packets that can be negotiated: how many bytes of key material each direction needs (RFC 4253, section 7.2) and
/// what makes a sealer and an opener of them. The makers copy what they are given; the caller zeroes it.
/// </summary>
internal sealed class PacketProtection
{
    private static readonly OrderedDictionary<string, PacketProtection> _authenticating = Authenticating();
    private static readonly OrderedDictionary<string, int> _counterKeySizes = EvpCipher.IsAesCtrSupported
        ? new() { ["aes128-ctr"] = 16, ["aes256-ctr"] = 32 }
        : [];

    // Best first: the length is authenticated before it is believed.
    private static readonly OrderedDictionary<string, MacAlgorithm> _macs = new()
    {
        ["hmac-sha2-256-etm@openssh.com"] = new(HashAlgorithmName.SHA256, SHA256.HashSizeInBytes, IsOverCiphertext: true),
        ["hmac-sha2-512-etm@openssh.com"] = new(HashAlgorithmName.SHA512, SHA512.HashSizeInBytes, IsOverCiphertext: true),
        ["hmac-sha2-256"] = new(HashAlgorithmName.SHA256, SHA256.HashSizeInBytes, IsOverCiphertext: false),
        ["hmac-sha2-512"] = new(HashAlgorithmName.SHA512, SHA512.HashSizeInBytes, IsOverCiphertext: false),
    };

    /// <summary>Makes the protection of one direction.</summary>
    public delegate T Maker<T>(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> macKey);

    /// <summary>The encryption algorithms this machine can do, by their names in SSH_MSG_KEXINIT, best first.</summary>
    public static IReadOnlyList<string> Ciphers { get; } = [.. _authenticating.Keys, .. _counterKeySizes.Keys];

    /// <summary>The MAC algorithms, best first.</summary>
    public static IReadOnlyList<string> Macs { get; } = [.. _macs.Keys];

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

    /// <summary>Whether a MAC is negotiated with one of <see cref="Ciphers"/>.</summary>
    public static bool NeedsMac(string cipher) => _counterKeySizes.ContainsKey(cipher);

    /// <summary>Of <see cref="Ciphers"/> and <see cref="Macs"/>.</summary>
    public static PacketProtection Get(ProtectionNames names) =>
        names.Mac is null ? _authenticating[names.Cipher] : WithMac(_counterKeySizes[names.Cipher], _macs[names.Mac]);

    private static OrderedDictionary<string, PacketProtection> Authenticating()
    {
        var ciphers = new OrderedDictionary<string, PacketProtection>();
        if (AesGcm.IsSupported)
        {
            // 128 bits first: it is the faster one, and nobody breaks either.
            ciphers["aes128-gcm@openssh.com"] = WithAesGcm(keySize: 16);
            ciphers["aes256-gcm@openssh.com"] = WithAesGcm(keySize: 32);
        }

        if (ChaChaPolyProtection.IsSupported)
        {
            ciphers["chacha20-poly1305@openssh.com"] = new()
            {
                KeySize = ChaChaPolyProtection.KeySize,
                IvSize = 0,
                MacKeySize = 0,
                CreateSealer = (key, _, _) => new ChaChaPolyProtection(key),
                CreateOpener = (key, _, _) => new ChaChaPolyProtection(key),
            };
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

    private static PacketProtection WithMac(int keySize, MacAlgorithm mac) => new()
    {
        KeySize = keySize,
        IvSize = EvpCipher.IvSize,
        MacKeySize = mac.Size,
        CreateSealer = mac.IsOverCiphertext
            ? (key, iv, macKey) => new CounterThenMac(EvpCipher.AesCtr(key, iv), new(mac.Hash, macKey))
            : (key, iv, macKey) => new CounterAndMac(EvpCipher.AesCtr(key, iv), new(mac.Hash, macKey)),
        CreateOpener = mac.IsOverCiphertext
            ? (key, iv, macKey) => new CounterThenMac(EvpCipher.AesCtr(key, iv), new(mac.Hash, macKey))
            : (key, iv, macKey) => new CounterAndMac(EvpCipher.AesCtr(key, iv), new(mac.Hash, macKey)),
    };

    /// <param name="Hash">The hash function of the HMAC.</param>
    /// <param name="Size">Bytes of the key and of the MAC (RFC 6668, section 2).</param>
    /// <param name="IsOverCiphertext">Encrypt, then MAC.</param>
    private sealed record MacAlgorithm(HashAlgorithmName Hash, int Size, bool IsOverCiphertext);
}
