using System.Security.Cryptography;
using ActorTunnel.Ssh.KeyExchange;

namespace ActorTunnel.Ssh.Tests.KeyExchange;

public sealed class KeyAgreementTests
{
    public static TheoryData<string> Names => [.. KeyAgreements.Names];

    [Fact]
    public void Offers_curve25519_first_under_both_names_and_groups_last() => Assert.Equal(
        [
            "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521",
            "diffie-hellman-group16-sha512", "diffie-hellman-group14-sha256",
        ],
        KeyAgreements.Names);

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_sides_find_the_same_secret_and_another_one_each_time(string name)
    {
        using var client = KeyAgreements.Create(name);
        using var server = KeyAgreements.Create(name);
        using var stranger = KeyAgreements.Create(name);
        var secret = client.DeriveSecret(server.PublicValue.Span);
        Assert.Equal(secret, server.DeriveSecret(client.PublicValue.Span));
        Assert.NotEqual(secret, client.DeriveSecret(stranger.PublicValue.Span));
    }

    [Theory]
    [InlineData("curve25519-sha256", "SHA256", 32)]
    [InlineData("ecdh-sha2-nistp256", "SHA256", 65)]
    [InlineData("ecdh-sha2-nistp384", "SHA384", 97)]
    [InlineData("ecdh-sha2-nistp521", "SHA512", 133)]
    public void Each_method_has_its_hash_and_the_length_of_its_values(string name, string hash, int length)
    {
        using var agreement = KeyAgreements.Create(name);
        Assert.Equal(new HashAlgorithmName(hash), agreement.Hash);
        Assert.Equal(length, agreement.PublicValue.Length);
    }

    [Theory]
    [InlineData("curve25519-sha256")]
    [InlineData("ecdh-sha2-nistp256")]
    [InlineData("ecdh-sha2-nistp384")]
    [InlineData("ecdh-sha2-nistp521")]
    public void A_point_of_another_length_is_refused(string name)
    {
        using var agreement = KeyAgreements.Create(name);
        var value = agreement.PublicValue.ToArray();
        AssertRefused(agreement, []);
        AssertRefused(agreement, value[..^1]);
        AssertRefused(agreement, [.. value, 0]);
    }

    /// <summary>The points of small order and their non-canonical twins, for which X25519 gives zero.</summary>
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    [InlineData("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    public void A_curve25519_point_of_small_order_is_refused(string point)
    {
        using var agreement = KeyAgreements.Create("curve25519-sha256");
        AssertRefused(agreement, Convert.FromHexString(point));
    }

    [Theory]
    [InlineData("ecdh-sha2-nistp256")]
    [InlineData("ecdh-sha2-nistp384")]
    [InlineData("ecdh-sha2-nistp521")]
    public void A_point_off_the_curve_compressed_or_at_infinity_is_refused(string name)
    {
        using var agreement = KeyAgreements.Create(name);
        var offCurve = agreement.PublicValue.ToArray();
        offCurve[^1] ^= 1;
        AssertRefused(agreement, offCurve);
        AssertRefused(agreement, [0x04, .. new byte[offCurve.Length - 1]]);
        AssertRefused(agreement, [0x02, .. offCurve.AsSpan(1, offCurve.Length / 2)]);
        AssertRefused(agreement, [0x00]);
        AssertRefused(agreement, [0x06, .. offCurve.AsSpan(1)]);
    }

    private static void AssertRefused(IKeyAgreement agreement, byte[] peerPublicValue)
    {
        var exception = Assert.Throws<SshException>(() => agreement.DeriveSecret(peerPublicValue));
        Assert.Equal(SshFailure.ProtocolError, exception.Failure);
    }
}
