using System.Security.Cryptography;
using ActorTunnel.Ssh.Authentication;

namespace ActorTunnel.Ssh.Tests.Authentication;

public sealed class SecretTests
{
    [Fact]
    public void A_disposed_secret_is_zeroed_and_gives_nothing_away()
    {
        var secret = new Secret("secret"u8);
        var clone = secret.Clone();
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, [1]);

        secret.Dispose();

        Assert.True(secret.IsZeroed);
        Assert.Throws<ObjectDisposedException>(secret.Copy);
        Assert.Throws<ObjectDisposedException>(secret.Clone);
        Assert.Throws<ObjectDisposedException>(() => secret.AddTo(hash));
        Assert.False(secret.IsLike(clone));
        Assert.False(clone.IsLike(secret));
        Assert.Equal("secret"u8.ToArray(), clone.Copy());
        clone.Dispose();
    }

    [Fact]
    public void Secrets_are_alike_by_what_they_hold()
    {
        using var secret = new Secret("secret"u8);
        using var same = new Secret("secret"u8);
        using var other = new Secret("secreT"u8);
        using var empty = new Secret([]);

        Assert.True(secret.IsLike(secret));
        Assert.True(secret.IsLike(same));
        Assert.False(secret.IsLike(other));
        Assert.False(secret.IsLike(empty));
        Assert.DoesNotContain("secret\"", secret.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_of_a_credential_outlives_the_secret_that_it_was_made_with()
    {
        foreach (var make in (Func<Secret, SshCredential>[])[known => new PasswordCredential(known), known => new KeyboardInteractiveCredential(known)])
        {
            var secret = new Secret("secret"u8);
            var copies = new List<Secret>();
            var original = make(secret);
            var copy = original.Copy(copies);

            Assert.Equal(Identity(original), Identity(copy));
            secret.Dispose();
            Assert.Same(copy.Secret, Assert.Single(copies));
            Assert.Equal("secret"u8.ToArray(), copy.Secret!.Copy());
            Assert.Throws<ObjectDisposedException>(() => Identity(original));
            copies[0].Dispose();
        }
    }

    [Fact]
    public void A_credential_that_asks_is_its_own_copy()
    {
        var asks = new PasswordCredential((_, _) => default);
        var copies = new List<Secret>();

        Assert.Same(asks, asks.Copy(copies));
        Assert.Empty(copies);
    }

    [Fact]
    public void A_password_and_an_answer_of_the_same_bytes_are_two_identities()
    {
        using var secret = new Secret("secret"u8);
        using var same = new Secret("secret"u8);
        using var other = new Secret("another"u8);

        Assert.Equal(Identity(new PasswordCredential(secret)), Identity(new PasswordCredential(same)));
        Assert.NotEqual(Identity(new PasswordCredential(secret)), Identity(new PasswordCredential(other)));
        Assert.NotEqual(Identity(new PasswordCredential(secret)), Identity(new KeyboardInteractiveCredential(secret)));
    }

    private static byte[] Identity(SshCredential credential)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, [1]);
        credential.AddIdentity(hash);
        return hash.GetHashAndReset();
    }
}
