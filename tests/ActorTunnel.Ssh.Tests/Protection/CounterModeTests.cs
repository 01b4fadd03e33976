using System.Buffers.Binary;
using System.Security.Cryptography;
using ActorTunnel.Ssh.Interop;
using ActorTunnel.Ssh.Protection;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Protection;

/// <summary>AES in counter mode with a MAC, built a second time from what .NET has.</summary>
public sealed class CounterModeTests
{
    private const string BeforeTheCounterWraps = "fffffffffffffffffffffffffffffffe";

    public static TheoryData<string, string> All
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var names in Protections.All.Where(names => names.Mac is not null))
                data.Add(names.Cipher, names.Mac!);
            return data;
        }
    }

    /// <summary>NIST SP 800-38A, F.5.1 and F.5.5.</summary>
    [Theory]
    [InlineData(
        "2b7e151628aed2a6abf7158809cf4f3c",
        "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
        + "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee")]
    [InlineData(
        "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
        "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
        + "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6")]
    public void The_key_stream_is_that_of_NIST_however_it_is_cut(string key, string ciphertext)
    {
        var plaintext = Convert.FromHexString(
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
        foreach (var cut in new[] { 16, 17, 63 })
        {
            using var cipher = EvpCipher.AesCtr(Convert.FromHexString(key), Convert.FromHexString("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"));
            byte[] data = [.. plaintext];
            cipher.Apply(data.AsSpan(0, cut));
            cipher.Apply(data.AsSpan(cut, 0));
            cipher.Apply(data.AsSpan(cut));
            Assert.Equal(ciphertext, Convert.ToHexStringLower(data));
        }
    }

    /// <summary>RFC 4231, sections 4.3 and 4.4; the first four bytes of the data stand for the sequence number.</summary>
    [Theory]
    [InlineData(
        "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
        + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737")]
    [InlineData(
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd",
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
        + "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb")]
    public void The_MAC_is_that_of_RFC_4231(string key, string data, string sha256, string sha512)
    {
        var bytes = Convert.FromHexString(data);
        var number = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        foreach (var (hash, expected) in new[] { (HashAlgorithmName.SHA256, sha256), (HashAlgorithmName.SHA512, sha512) })
        {
            using var mac = new PacketMac(hash, Convert.FromHexString(key));
            var computed = new byte[mac.Size];
            for (var i = 0; i < 2; i++)
            {
                mac.Compute(number, bytes.AsSpan(4), computed);
                Assert.Equal(expected, Convert.ToHexStringLower(computed));
                Assert.True(mac.Verify(number, bytes.AsSpan(4), computed));
            }

            Assert.False(mac.Verify(number, bytes.AsSpan(4), computed.AsSpan(1)));
            Assert.False(mac.Verify(number + 1, bytes.AsSpan(4), computed));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Packets_are_as_RFC_4253_and_OpenSSH_say_and_the_counter_goes_on_from_packet_to_packet(string cipher, string mac)
    {
        var protection = PacketProtection.Get(new(cipher, mac));
        var (key, macKey) = (Protections.Key(protection.KeySize), Protections.Key(protection.MacKeySize));
        var iv = Convert.FromHexString(BeforeTheCounterWraps);
        using var sealer = protection.CreateSealer(key, iv, macKey);
        using var aes = Aes.Create();
        aes.Key = key;
        var isOverCiphertext = mac.EndsWith("-etm@openssh.com", StringComparison.Ordinal);
        foreach (var number in new[] { uint.MaxValue, 0u })
        {
            var packet = Protections.Packet(sealer, 5);
            var expected = packet[..^sealer.TagSize];
            var tag = Mac(expected);
            for (var i = isOverCiphertext ? 4 : 0; i < expected.Length; i += 16)
            {
                var block = aes.EncryptEcb(iv, PaddingMode.None);
                for (var j = 0; j < 16; j++)
                    expected[i + j] ^= block[j];
                BinaryPrimitives.WriteUInt128BigEndian(iv, unchecked(BinaryPrimitives.ReadUInt128BigEndian(iv) + 1));
            }

            if (isOverCiphertext)
                tag = Mac(expected);
            sealer.Seal(number, packet);
            Assert.Equal([.. expected, .. tag], packet);

            byte[] Mac(byte[] data)
            {
                byte[] input = [0, 0, 0, 0, .. data];
                BinaryPrimitives.WriteUInt32BigEndian(input, number);
                return mac.Contains("512", StringComparison.Ordinal)
                    ? HMACSHA512.HashData(macKey, input)
                    : HMACSHA256.HashData(macKey, input);
            }
        }
    }

    [Fact]
    public void Nothing_is_decrypted_before_the_MAC_over_the_ciphertext_was_right()
    {
        using var sealer = Protections.Sealer(new("aes128-ctr", "hmac-sha2-256-etm@openssh.com"));
        using var opener = Protections.Opener(new("aes128-ctr", "hmac-sha2-256-etm@openssh.com"));
        var packet = Protections.Packet(sealer, 3);
        sealer.Seal(0, packet);
        packet[^1] ^= 1;
        byte[] received = [.. packet];
        Assert.False(opener.TryOpen(0, packet));
        Assert.Equal(received, packet);
    }
}
