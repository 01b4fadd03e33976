using System.IO.Enumeration;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace ActorTunnel.Ssh.Keys.KnownHosts;

/// <summary>
/// The first field of a known_hosts line (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): patterns separated by commas, or one hashed name.
/// </summary>
internal sealed class HostNames
{
    private const string HashMagic = "|1|";

    private readonly string[] _patterns = [];
    private readonly byte[] _salt = [];
    private readonly byte[]? _hash;

    private HostNames(string[] patterns) => _patterns = patterns;

    private HostNames(byte[] salt, byte[] hash) => (_salt, _hash) = (salt, hash);

    /// <summary>How a host is called in known_hosts: the port is named unless it is SSH's own.</summary>
    public static string NameOf(string host, int port) => port == 22 ? host : $"[{host}]:{port}";

    /// <summary>An address in its usual spelling (as ssh does; RFC 5952), a name as it is. A zone stays as it was named.</summary>
    public static string Canonical(string host) =>
        !host.Contains('%') && IPAddress.TryParse(host, out var address) ? address.ToString() : host;

    public static bool IsHashed(string field) => field.StartsWith('|');

    /// <summary>Null when the field is malformed.</summary>
    public static HostNames? Parse(string field)
    {
        if (!IsHashed(field))
            return new(field.Split(','));

        // |1|base64 of the salt|base64 of HMAC-SHA1(salt, name)
        var parts = field.Split('|');
        Span<byte> salt = stackalloc byte[HMACSHA1.HashSizeInBytes];
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        return field.StartsWith(HashMagic, StringComparison.Ordinal) && parts.Length == 4
            && Convert.TryFromBase64String(parts[2], salt, out var saltSize) && saltSize == salt.Length
            && Convert.TryFromBase64String(parts[3], hash, out var hashSize) && hashSize == hash.Length
                ? new(salt.ToArray(), hash.ToArray())
                : null;
    }

    /// <summary>A field that hides <paramref name="name"/>.</summary>
    public static string Hash(string name)
    {
        var salt = RandomNumberGenerator.GetBytes(HMACSHA1.HashSizeInBytes);
        return $"{HashMagic}{Convert.ToBase64String(salt)}|{Convert.ToBase64String(Hash(salt, name))}";
    }

    /// <summary>Whether the line is about <paramref name="name"/>. A negated pattern that matches overrules all others.</summary>
    public bool Match(string name)
    {
        if (_hash != null)
            return _hash.AsSpan().SequenceEqual(Hash(_salt, name));
        var matched = false;
        foreach (var pattern in _patterns)
        {
            var negated = pattern.StartsWith('!');
            if (!FileSystemName.MatchesSimpleExpression(pattern.AsSpan(negated ? 1 : 0), name, ignoreCase: true))
                continue;
            if (negated)
                return false;
            matched = true;
        }

        return matched;
    }

    // The format knows no other hash, and it only hides names from a casual reader.
#pragma warning disable CA5350
    private static byte[] Hash(byte[] salt, string name) =>
        HMACSHA1.HashData(salt, Encoding.UTF8.GetBytes(name.ToLowerInvariant()));
#pragma warning restore CA5350
}
