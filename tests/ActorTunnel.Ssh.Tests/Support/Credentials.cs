using System.Text;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Ssh.Tests.Support;

internal static class Credentials
{
    /// <summary>Signs with a key that the test keeps.</summary>
    public static PublicKeyCredential Of(PrivateKey key) => Of(key.PublicKey, key);

    /// <summary>Offers <paramref name="shown"/>, a certificate for instance.</summary>
    public static PublicKeyCredential Of(PublicKey shown, PrivateKey key) =>
        new(shown, (algorithm, data, _) => new(key.Sign(algorithm, data.Span)));

    public static PasswordCredential Passwords(params string[] passwords) => new(
        (attempt, _) => new(attempt < passwords.Length ? Encoding.UTF8.GetBytes(passwords[attempt]) : null));
}
