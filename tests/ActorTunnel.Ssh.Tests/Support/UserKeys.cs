using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>A key of each type that a user can log in with.</summary>
public sealed class UserKeys : IDisposable
{
    private readonly Dictionary<string, PrivateKey> _keys = Types.ToDictionary(type => type, PrivateKey.Generate);

    public static IReadOnlyList<string> Types { get; } =
        ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"];

    public PrivateKey this[string type] => _keys[type];

    /// <summary>Lines for a server's authorized_keys.</summary>
    public string AuthorizedKeys => string.Concat(_keys.Values.Select(key => key.PublicKey.ToLine() + "\n"));

    public void Dispose()
    {
        foreach (var key in _keys.Values)
            key.Dispose();
    }
}
