using System.Text;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Keys.KnownHosts;

/// <summary>What a known_hosts line says of its key.</summary>
internal enum KnownHostsMarker
{
    /// <summary>It is the key of these hosts.</summary>
    None,

    /// <summary>It signs the certificates of these hosts.</summary>
    CertificateAuthority,

    /// <summary>It must never be accepted for these hosts.</summary>
    Revoked,
}

/// <summary>One line of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"):</summary>
/// <remarks><code>[marker] hostnames keytype base64-encoded-key [comment]</code></remarks>
internal sealed record KnownHostsLine(KnownHostsMarker Marker, HostNames Hosts, string KeyType, byte[] Blob)
{
    private static readonly char[] _separators = [' ', '\t', '\r'];

    /// <summary>Whether there is nothing on the line: blank, or a comment.</summary>
    public static bool IsEmpty(string text) => text.AsSpan().Trim(_separators) is [] or ['#', ..];

    /// <summary>Null when the line is broken.</summary>
    public static KnownHostsLine? Parse(string text)
    {
        var rest = new Queue<string>(text.Split(_separators, 5, StringSplitOptions.RemoveEmptyEntries));
        var marker = KnownHostsMarker.None;
        if (rest.TryPeek(out var first) && first.StartsWith('@'))
        {
            rest.Dequeue();
            switch (first)
            {
                case "@cert-authority":
                    marker = KnownHostsMarker.CertificateAuthority;
                    break;
                case "@revoked":
                    marker = KnownHostsMarker.Revoked;
                    break;
                default:
                    return null;
            }
        }

        return rest.TryDequeue(out var hosts) && rest.TryDequeue(out var type) && rest.TryDequeue(out var key)
            && HostNames.Parse(hosts) is { } names && DecodeKey(type, key) is { } blob
                ? new(marker, names, type, blob)
                : null;
    }

    // The key itself is not looked into: it is compared byte by byte with one that has been. But one that is cut off, as by a full
    // disk, is not taken for another key of the host, which would make the host's own a changed one.
    private static byte[]? DecodeKey(string type, string base64)
    {
        var blob = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, blob, out var length))
            return null;
        Array.Resize(ref blob, length);
        try
        {
            // RFC 4253, section 6.6: the type, then the key's fields. In every key type known they are strings or mpints, which are
            // delimited alike.
            var reader = new SshReader(blob);
            var isOfType = reader.ReadString().SequenceEqual(Encoding.UTF8.GetBytes(type));
            do
                reader.ReadString();
            while (!reader.AtEnd);
            return isOfType ? blob : null;
        }
        catch (SshException exception) when (exception.Failure == SshFailure.ProtocolError)
        {
            return null; // Cut off: broken like any other nonsense.
        }
    }
}
