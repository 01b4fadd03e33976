using System.Text;
using ActorTunnel.Ssh.Keys.Bcrypt;

namespace ActorTunnel.Ssh.Tests.Keys.Bcrypt;

public sealed class BcryptPbkdfTests
{
    private const string LoremIpsum =
        "Lorem ipsum dolor sit amet, consectetur adipisicing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. "
        + "Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat. "
        + "Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla pariatur. "
        + "Excepteur sint occaecat cupidatat non proident, sunt in culpa qui officia deserunt mollit anim id est laborum.";

    /// <summary>OpenBSD, regress/lib/libutil/bcrypt_pbkdf. Passphrase and salt as Latin-1.</summary>
    [Theory]
    [InlineData(4, "password", "salt", "5bbf0cc293587f1c3635555c27796598d47e579071bf427e9d8fbe842aba34d9")]
    [InlineData(4, "password", "\0", "c12b566235eee04c212598970a579a67")]
    [InlineData(4, "\0", "salt", "6051be18c2f4f82cbf0efee5471b4bb9")]
    [InlineData(4, "password\0", "salt\0", "7410e44cf4fa07bfaac8a928b1727fac001375e7bf7384370f48efd121743050")]
    [InlineData(4, "pass\0wor", "sa\0l", "c2bffd9db38f6569efef4372f4de83c0")]
    [InlineData(4, "pass\0word", "sa\0lt", "4ba4ac3925c0e8d7f0cdb6bb1684a56f")]
    [InlineData(
        8, "password", "salt",
        "e1367ec5151a33faac4cc1c144cd23fa15d5548493ecc99b9b5d9c0d3b27bec76227ea66088b849b20ab7aa478010246e74bba51723fefa9f9474d6508845e8d")]
    [InlineData(42, "password", "salt", "833cf0dcf56db65608e8f0dc0ce882bd")]
    [InlineData(8, LoremIpsum, "salis\0", "10978b07253df57f71a162eb0e8ad30a")]
    [InlineData(
        8, "\x0d\xb3\xac\x94\xb3\xee\x53\x28\x4f\x4a\x22\x89\x3b\x3c\x24\xae",
        "\x3a\x62\xf0\xf0\xdb\xce\xf8\x23\xcf\xcc\x85\x48\x56\xea\x10\x28", "204438175eee7ce136c91b49a67923ff")]
    [InlineData(
        8, "\x0d\xb3\xac\x94\xb3\xee\x53\x28\x4f\x4a\x22\x89\x3b\x3c\x24\xae",
        "\x3a\x62\xf0\xf0\xdb\xce\xf8\x23\xcf\xcc\x85\x48\x56\xea\x10\x28",
        "2054b9fff34e3721440334746828e9ed38de4b72e0a69adc170a13b5e8d646385ea4034ae6d26600ee2332c5ed40ad55"
        + "7c86e3403fbb30e4e1dc1ae06b99a071368f518d2c426651c9e7e437fd6c915b1bbfc3a4cea71491490ea7afb7dd0290"
        + "a678a4f441128db1792eab2776b21eb4238e0715add4127dff44e4b3e4cc4c4f9970083f3f74bd698873fdf648844f75"
        + "c9bf7f9e0c4d9e5d89a7783997492966616707611cb901de31a19726b6e08c3a8001661f2d5c9dcc33b4aa072f90dd0b"
        + "3f548d5eeba4211397e2fb062e526e1d68f46a4ce256185b4badc2685fbe78e1c7657b59f83ab9ab80cf9318d6add1f5"
        + "933f12d6f36182c8e8115f68030a1244")]
    public void The_published_vectors_come_out(int rounds, string passphrase, string salt, string expected)
    {
        var key = new byte[expected.Length / 2];
        BcryptPbkdf.DeriveKey(Encoding.Latin1.GetBytes(passphrase), Encoding.Latin1.GetBytes(salt), (uint)rounds, key, default);
        Assert.Equal(expected, Convert.ToHexStringLower(key));
    }

    [Fact]
    public async Task A_derivation_without_end_can_be_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var deriving = Task.Run(() => BcryptPbkdf.DeriveKey("password"u8, "salt"u8, uint.MaxValue, new byte[32], stop.Token));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deriving);
    }
}
