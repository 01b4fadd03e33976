using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Tests.Keys.Certificates;

namespace ActorTunnel.Ssh.Tests.Keys;

public sealed class PinnedHostKeysTests
{
    private static readonly PrivateKey _key = PrivateKey.Generate("ssh-ed25519");
    private static readonly PrivateKey _other = PrivateKey.Generate("ecdsa-sha2-nistp256");
    private static readonly PublicKey _pinned = _key.PublicKey;

    [Fact]
    public async Task A_pinned_key_is_accepted_by_itself_and_by_its_fingerprint()
    {
        await new PinnedHostKeys(_pinned).CheckAsync(_pinned, default);
        await new PinnedHostKeys(_other.PublicKey, _pinned).CheckAsync(_pinned, default);
        await new PinnedHostKeys(_pinned.Fingerprint).CheckAsync(_pinned, default);
        await new PinnedHostKeys(_other.PublicKey.Fingerprint, _pinned.Fingerprint + "=").CheckAsync(_pinned, default);
    }

    [Fact]
    public async Task A_certificate_counts_as_the_key_it_certifies()
    {
        var certificate = new CertificateMaker(_other, _pinned).Parse();
        await new PinnedHostKeys(_pinned.Fingerprint).CheckAsync(certificate, default);
        await RefusedAsync(new PinnedHostKeys(_other.PublicKey), certificate);
    }

    [Fact]
    public async Task Any_other_key_is_refused_and_both_fingerprints_are_shown()
    {
        var message = await RefusedAsync(new PinnedHostKeys(_pinned.Fingerprint), _other.PublicKey);
        Assert.Contains(_pinned.Fingerprint, message, StringComparison.Ordinal);
        Assert.Contains($"ecdsa-sha2-nistp256 {_other.PublicKey.Fingerprint}", message, StringComparison.Ordinal);
        await RefusedAsync(new PinnedHostKeys(_pinned), _other.PublicKey);
    }

    [Fact]
    public void The_types_of_pinned_keys_are_known_and_those_of_fingerprints_are_not()
    {
        Assert.Equal(["ssh-ed25519", "ecdsa-sha2-nistp256"], new PinnedHostKeys(_pinned, _other.PublicKey, _pinned).KnownKeyTypes);
        Assert.Empty(new PinnedHostKeys(_pinned.Fingerprint).KnownKeyTypes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SHA256:")]
    [InlineData("SHA256:AAAA")]
    [InlineData("SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFUA")]
    [InlineData("sha256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU")]
    [InlineData("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU")]
    [InlineData("MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48")]
    public void What_is_no_fingerprint_is_refused_before_any_connection(string text) => Assert.Equal(
        $"'{text}' is not the fingerprint of a host key: use SHA256:... as 'ssh-keygen -l -f FILE' prints it",
        Assert.Throws<ArgumentException>(() => new PinnedHostKeys(_pinned.Fingerprint, text)).Message);

    [Fact]
    public void To_trust_nobody_is_a_mistake()
    {
        Assert.ThrowsAny<ArgumentException>(() => new PinnedHostKeys((IReadOnlyList<PublicKey>)[]));
        Assert.ThrowsAny<ArgumentException>(() => new PinnedHostKeys((IReadOnlyList<string>)[]));
    }

    private static async Task<string> RefusedAsync(PinnedHostKeys policy, PublicKey key)
    {
        var exception = await Assert.ThrowsAsync<SshException>(() => policy.CheckAsync(key, default).AsTask());
        Assert.Equal(SshFailure.HostKeyChanged, exception.Failure);
        return exception.Message;
    }
}
