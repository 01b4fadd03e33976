using System.Security.Cryptography;
using System.Text;

namespace ActorTunnel.Engine.Configuration;

/// <summary>Users of a SOCKS proxy and what their passwords are known by: keyed hashes, under a key of this object. Immutable.</summary>
public sealed class SocksUsers
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly Dictionary<string, byte[]> _hashes = new(StringComparer.Ordinal);

    // What the password of a user who does not exist is compared with, so that it takes the same time.
    private readonly byte[] _nobody = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);

    /// <summary>Reads the passwords now and keeps none of them.</summary>
    /// <param name="users">Each name once; name and password have 1 to 255 bytes, the name in UTF-8.</param>
    /// <exception cref="ArgumentException">A name comes twice, or a length is not possible.</exception>
    public SocksUsers(IEnumerable<(string User, ReadOnlyMemory<byte> Password)> users)
    {
        ArgumentNullException.ThrowIfNull(users);
        foreach (var (user, password) in users)
        {
            if (Encoding.UTF8.GetByteCount(user) is 0 or > 255 || password.Length is 0 or > 255)
                throw new ArgumentException($"A user name and a password of SOCKS have 1 to 255 bytes: {user}.", nameof(users));
            if (!_hashes.TryAdd(user, HMACSHA256.HashData(_key, password.Span)))
                throw new ArgumentException($"The user {user} is there twice.", nameof(users));
        }
    }

    /// <summary>In a time that tells neither whether the user exists nor how much of the password is right.</summary>
    internal bool Verify(string user, ReadOnlySpan<byte> password)
    {
        var exists = _hashes.TryGetValue(user, out var expected);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, password, hash);
        return CryptographicOperations.FixedTimeEquals(hash, expected ?? _nobody) & exists;
    }
}
