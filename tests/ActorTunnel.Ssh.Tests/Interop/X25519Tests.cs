using ActorTunnel.Ssh.Interop;

namespace ActorTunnel.Ssh.Tests.Interop;

public sealed class X25519Tests
{
    // RFC 7748, section 6.1
    private const string AlicePrivate = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
    private const string AlicePublic = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
    private const string BobPrivate = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
    private const string BobPublic = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
    private const string Shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";

    [Theory]
    [InlineData(AlicePrivate, AlicePublic, BobPublic)]
    [InlineData(BobPrivate, BobPublic, AlicePublic)]
    public void The_keys_of_RFC_7748_agree(string ownPrivate, string ownPublic, string peerPublic)
    {
        using var own = X25519.FromPrivate(Convert.FromHexString(ownPrivate));
        var secret = new byte[EvpKey.Size];
        Assert.True(own.TryDerive(Convert.FromHexString(peerPublic), secret));
        Assert.Equal(Shared, Convert.ToHexStringLower(secret));
        Assert.Equal(ownPublic, Convert.ToHexStringLower(own.PublicKey()));
    }

    [Fact]
    public void The_library_is_found_and_has_both_algorithms() =>
        Assert.True(Libcrypto.IsAvailable && X25519.IsSupported && Ed25519.IsSupported);
}
