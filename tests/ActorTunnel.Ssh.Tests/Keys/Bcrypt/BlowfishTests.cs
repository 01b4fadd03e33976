using ActorTunnel.Ssh.Keys.Bcrypt;

namespace ActorTunnel.Ssh.Tests.Keys.Bcrypt;

public sealed class BlowfishTests
{
    /// <summary>The words that every description of Blowfish prints: the fraction of pi.</summary>
    [Fact]
    public void The_tables_are_the_fraction_of_pi()
    {
        var words = BlowfishTables.Words;
        Assert.Equal(18 + 1024, words.Length);
        Assert.Equal([0x243F6A88u, 0x85A308D3u, 0x13198A2Eu, 0x03707344u], words[..4].ToArray());
        Assert.Equal(0x8979FB1Bu, words[17]);
        Assert.Equal(0xD1310BA6u, words[18]);
        Assert.Equal(0x3AC372E6u, words[^1]);
    }

    /// <summary>Schneier's test vectors, those that E. Young collected: key, plain, cipher.</summary>
    [Theory]
    [InlineData("0000000000000000", 0x00000000, 0x00000000, 0x4EF99745, 0x6198DD78)]
    [InlineData("FFFFFFFFFFFFFFFF", 0xFFFFFFFF, 0xFFFFFFFF, 0x51866FD5, 0xB85ECB8A)]
    [InlineData("3000000000000000", 0x10000000, 0x00000001, 0x7D856F9A, 0x613063F2)]
    [InlineData("0123456789ABCDEF", 0x11111111, 0x11111111, 0x61F9C380, 0x2281B096)]
    [InlineData("FEDCBA9876543210", 0x01234567, 0x89ABCDEF, 0x0ACEAB0F, 0xC6A0A28D)]
    public void The_published_vectors_come_out(string key, uint left, uint right, uint encryptedLeft, uint encryptedRight)
    {
        using var blowfish = new Blowfish();
        blowfish.Reset();
        blowfish.Expand(Convert.FromHexString(key), salt: []);
        blowfish.Encrypt(ref left, ref right);
        Assert.Equal((encryptedLeft, encryptedRight), (left, right));
    }
}
