using System.Text;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Tests.Support;

internal static class Credentials
{
    /// <summary>Lends a key that the test keeps.</summary>
    public static PublicKeyCredential Of(PrivateKey key) => new(key.PublicKey, _ => new(new LentKey(key)));

    public static PasswordCredential Passwords(params string[] passwords) => new(
        (attempt, _) => new(attempt < passwords.Length ? Encoding.UTF8.GetBytes(passwords[attempt]) : null));

    /// <summary>Credentials are disposed after use; this one's owner is somebody else.</summary>
    private sealed class LentKey(PrivateKey key) : PrivateKey
    {
        public override PublicKey PublicKey => key.PublicKey;

        public override void Dispose()
        {
        }

        private protected override byte[] SignRaw(string algorithm, ReadOnlySpan<byte> data)
        {
            var reader = new SshReader(key.Sign(algorithm, data));
            reader.ReadString();
            return reader.ReadString().ToArray();
        }
    }
}
