using System.Security.Cryptography;
using ActorTunnel.Ssh.Interop;
using ActorTunnel.Ssh.Protection;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Protection;

public sealed class ChaChaPolyProtectionTests
{
    /// <summary>The worked example of draft-ietf-sshm-chacha20-poly1305, appendix A.</summary>
    [Fact]
    public void The_example_of_the_draft_is_sealed_and_opened()
    {
        var key = Convert.FromHexString(
            "8bbff6855fc102338c373e73aac0c914f076a905b2444a32eecaffeae22becc5"
            + "e9b7a7a5825a8249346ec1c28301cf394543fc7569887d76e168f37562ac0740");
        var original = Convert.FromHexString(
            "00000048065e00000000000000384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572"
            + "206164697069736963696e6720656c69744e43e804dc6c" + "00000000000000000000000000000000");
        using var protection = new ChaChaPolyProtection(key);
        byte[] packet = [.. original];
        protection.Seal(7, packet);
        Assert.Equal(
            "2c3ecce4a5bc05895bf07a7ba956b6c68829ac7c83b780b7000ecde745afc705bbc378ce03a280236b87b53bed5839662302b164"
            + "b6286a48cd1e097138e3cb909b8b2b829dd18d2a35ff82d9" + "95349e855bf02c298ef775f2d1a7e8b8",
            Convert.ToHexStringLower(packet));
        Assert.Equal(0x48u, protection.ReadLength(7, packet));
        Assert.True(protection.TryOpen(7, packet));
        Assert.Equal(original[4..^16], packet[4..^16]);
    }

    /// <summary>.NET's cipher of RFC 8439 has the same key stream when its nonce begins with four zeros; only its tag is another.</summary>
    [Fact]
    public void Payloads_of_any_length_are_encrypted_as_by_another_implementation()
    {
        var key = Protections.Key(ChaChaPolyProtection.KeySize);
        using var sealer = new ChaChaPolyProtection(key);
        using var other = new ChaCha20Poly1305(key.AsSpan(0, 32));
        foreach (var (blocks, number) in new[] { (1, 0u), (8, 1u), (9, 0x01020304u), (4096, uint.MaxValue) })
        {
            var packet = Protections.Packet(sealer, blocks + 1);
            var expected = new byte[packet.Length - 4 - 16];
            byte[] nonce = [0, 0, 0, 0, 0, 0, 0, 0, (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];
            other.Encrypt(nonce, packet.AsSpan(4..^16), expected, new byte[16]);
            sealer.Seal(number, packet);
            Assert.Equal(expected, packet[4..^16]);
        }
    }

    [Fact]
    public void Nothing_is_decrypted_before_the_tag_was_right()
    {
        using var sealer = new ChaChaPolyProtection(Protections.Key(64));
        using var opener = new ChaChaPolyProtection(Protections.Key(64));
        var packet = Protections.Packet(sealer, 5);
        sealer.Seal(0, packet);
        packet[^1] ^= 1;
        byte[] received = [.. packet];
        opener.ReadLength(0, packet);
        Assert.False(opener.TryOpen(0, packet));
        Assert.Equal(received, packet);
    }

    /// <summary>RFC 8439, section 2.5.2.</summary>
    [Fact]
    public void Poly1305_is_that_of_RFC_8439()
    {
        using var mac = new Poly1305();
        var key = Convert.FromHexString("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b");
        for (var i = 0; i < 2; i++)
        {
            var tag = new byte[Poly1305.TagSize];
            mac.Compute(key, "Cryptographic Forum Research Group"u8, tag);
            Assert.Equal("a8061dc1305136c6c22b8baf0c0127a9", Convert.ToHexStringLower(tag));
        }
    }
}
