using System.Numerics;
using System.Security.Cryptography;
using ActorTunnel.Ssh.KeyExchange;

namespace ActorTunnel.Ssh.Tests.KeyExchange;

public sealed class ModpAgreementTests
{
    public static TheoryData<string, int, string> Methods => new()
    {
        { "diffie-hellman-group14-sha256", 2048, "SHA256" },
        { "diffie-hellman-group16-sha512", 4096, "SHA512" },
    };

    /// <summary>The other side is done with big integers and the prime as RFC 3526 defines it.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void The_secret_is_the_one_of_the_group_of_RFC_3526(string name, int bits, string hash)
    {
        var p = Prime(bits);
        for (var i = 0; i < 8; i++)
        {
            using var agreement = KeyAgreements.Create(name);
            var exponent = new BigInteger(RandomNumberGenerator.GetBytes(40), isUnsigned: true);
            var secret = agreement.DeriveSecret(Mpint(BigInteger.ModPow(2, exponent, p)));
            var e = new BigInteger(agreement.PublicValue.Span, isBigEndian: true);
            Assert.Equal(Mpint(e), agreement.PublicValue.ToArray());
            Assert.Equal(BigInteger.ModPow(e, exponent, p), new BigInteger(secret, isUnsigned: true, isBigEndian: true));
            Assert.Equal(new HashAlgorithmName(hash), agreement.Hash);
        }
    }

    /// <summary>RFC 4253, section 8 and RFC 8268, section 4: 0, 1, p - 1, p and what is beyond.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void Values_that_make_a_known_secret_are_refused(string name, int bits, string hash)
    {
        Assert.NotEmpty(hash);
        var p = Prime(bits);
        using var agreement = KeyAgreements.Create(name);
        foreach (var value in new[] { 0, 1, -1, -2, p - 1, p, p + 1, p + 2, p + p, p - (p * 2) })
            AssertRefused(agreement, Mpint(value));
        AssertRefused(agreement, []);
        Assert.NotEmpty(agreement.DeriveSecret(Mpint(2)));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_number_has_one_form_only_and_a_bounded_length(string name, int bits, string hash)
    {
        Assert.NotEmpty(hash);
        using var agreement = KeyAgreements.Create(name);
        AssertRefused(agreement, [0, 4]);
        AssertRefused(agreement, [0, 0, 0x90]);
        AssertRefused(agreement, [0xFF, 0x90]);
        AssertRefused(agreement, [0x01, .. new byte[bits / 8]]);
        AssertRefused(agreement, [0x01, .. new byte[100_000]]);
        Assert.NotEmpty(agreement.DeriveSecret([4])); // squares, as all powers of 2 are for these primes
        Assert.NotEmpty(agreement.DeriveSecret([0, 0x90]));
    }

    private static void AssertRefused(IKeyAgreement agreement, byte[] value)
    {
        var exception = Assert.Throws<SshException>(() => agreement.DeriveSecret(value));
        Assert.Equal(SshFailure.ProtocolError, exception.Failure);
    }

    // RFC 4251, section 5: zero has no bytes, all else is in two's complement without a byte too many.
    private static byte[] Mpint(BigInteger value) => value.IsZero ? [] : value.ToByteArray(isBigEndian: true);

    // RFC 3526, sections 3 and 5: 2^n - 2^(n-64) - 1 + 2^64 * ([2^(n-130) pi] + c)
    private static BigInteger Prime(int bits) => BigInteger.Pow(2, bits) - BigInteger.Pow(2, bits - 64) - 1
        + (BigInteger.Pow(2, 64) * (PiTimesPowerOfTwo(bits - 130) + (bits == 2048 ? 124476 : 240904)));

    // Machin: pi = 16 arctan(1/5) - 4 arctan(1/239), with 64 bits to spare.
    private static BigInteger PiTimesPowerOfTwo(int power)
    {
        var one = BigInteger.Pow(2, power + 64);
        return ((16 * ArcTan(5)) - (4 * ArcTan(239))) >> 64;

        BigInteger ArcTan(int x)
        {
            var (sum, term) = (BigInteger.Zero, one / x);
            for (var i = 1; term != 0; i += 2, term /= -x * x)
                sum += term / i;
            return sum;
        }
    }
}
