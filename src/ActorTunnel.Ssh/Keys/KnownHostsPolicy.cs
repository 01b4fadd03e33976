using System.Buffers;
using ActorTunnel.Ssh.Keys.KnownHosts;

namespace ActorTunnel.Ssh.Keys;

/// <summary>
/// Trusts the host keys in OpenSSH's known_hosts files, by OpenSSH's rules with one exception: a changed key is refused in every mode.
/// Certificates are not looked at.
/// </summary>
public sealed class KnownHostsPolicy : IHostKeyPolicy
{
    private static readonly SearchValues<char> _notInHostNames = SearchValues.Create(" \t\r\n,*?!|#@\"");

    private readonly KnownHostsOptions _options;
    private readonly KnownHostsFile[] _files;
    private readonly string _name;

    /// <summary>Creates the policy for connections to one host.</summary>
    /// <exception cref="ArgumentException">The host's name has characters that mean something else in known_hosts.</exception>
    public KnownHostsPolicy(KnownHostsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Host.Length == 0 || options.Host.AsSpan().ContainsAny(_notInHostNames))
            throw new ArgumentException($"'{options.Host}' is not the name of a host.", nameof(options));
        _options = options;
        _files = [.. options.Files.Select(path => new KnownHostsFile(path))];
        _name = HostNames.NameOf(options.Host, options.Port);
    }

    /// <inheritdoc/>
    /// <exception cref="SshException"><see cref="SshFailure.HostKeyUnknown"/>: a file cannot be read.</exception>
    public IReadOnlyList<string> KnownKeyTypes
    {
        get
        {
            var known = Find(_name, notice: null);
            if (known.Count == 0)
                known = Find(_options.Host, notice: null);
            return [.. known.Where(IsUsable).Select(entry => entry.Line.KeyType).Distinct()];
        }
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(PublicKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (IsKnown(key))
            return;
        switch (_options.Mode)
        {
            case StrictHostKeyChecking.AcceptNew or StrictHostKeyChecking.No:
                break;
            case StrictHostKeyChecking.Ask when _options.Ask is { } ask:
                if (!await ask(new(_options.Host, _options.Port, key), cancellationToken).ConfigureAwait(false))
                    throw new SshException(SshFailure.HostKeyUnknown, $"The host key of {_name} was not accepted.");
                break;
            default:
                throw Unknown(key);
        }

        Remember(key);
    }

    private static bool IsUsable(KnownHostsEntry entry) =>
        entry.Line.Marker == KnownHostsMarker.None && KeyAlgorithms.KeyTypes.Contains(entry.Line.KeyType);

    private static bool Has(IReadOnlyList<KnownHostsEntry> entries, KnownHostsMarker marker, PublicKey key) =>
        entries.Any(entry => entry.Line.Marker == marker && key.Blob.Span.SequenceEqual(entry.Line.Blob));

    // As in OpenSSH, a host that is known with keys of other types only counts as changed, not as new: a man in the middle could
    // otherwise choose a type that was never seen. And a key that stands there without a port is good for every port.
    private bool IsKnown(PublicKey key)
    {
        var entries = Find(_name, _options.Notice);
        RefuseRevoked(entries, key);
        if (Has(entries, KnownHostsMarker.None, key))
            return true;
        if (entries.FirstOrDefault(IsUsable) is { } other)
            throw Changed(key, other);
        if (_name == _options.Host)
            return false;

        entries = Find(_options.Host, notice: null);
        RefuseRevoked(entries, key);
        return Has(entries, KnownHostsMarker.None, key);
    }

    private List<KnownHostsEntry> Find(string name, Action<string>? notice) =>
        [.. _files.SelectMany(file => file.Matching(name, notice))];

    private void Remember(PublicKey key)
    {
        if (_files is not [var file, ..])
            return;
        try
        {
            file.Append(_name, key);
            _options.Notice?.Invoke($"Added the host key of {_name} to {file.Path}: {key.Type} {key.Fingerprint}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It was decided that the key is right. That it cannot be written down is no reason not to connect, as in OpenSSH.
            _options.Notice?.Invoke($"Could not add the host key of {_name} to {file.Path}: {exception.Message}");
        }
    }

    private void RefuseRevoked(IReadOnlyList<KnownHostsEntry> entries, PublicKey key)
    {
        if (Has(entries, KnownHostsMarker.Revoked, key))
            throw new SshException(
                SshFailure.HostKeyChanged,
                $"The host key of {_name} is marked as revoked in known_hosts and is refused: {key.Type} {key.Fingerprint}.");
    }

    private SshException Changed(PublicKey key, KnownHostsEntry other) => new(
        SshFailure.HostKeyChanged,
        $"The host key of {_name} has changed: it sent {key.Type} {key.Fingerprint}, but {other.Path}:{other.LineNumber} has another "
        + $"one ({other.Line.KeyType}). Somebody may be intercepting the connection. If the server has really been given a new key, "
        + $"remove the old one with: ssh-keygen -f '{other.Path}' -R '{_name}'");

    private SshException Unknown(PublicKey key) => new(
        SshFailure.HostKeyUnknown,
        $"The host key of {_name} is not known: {key.Type} {key.Fingerprint}. Compare the fingerprint with the server's, then add the "
        + $"key with StrictHostKeyChecking=accept-new, or by connecting once with: ssh -p {_options.Port} {_options.Host}");
}
