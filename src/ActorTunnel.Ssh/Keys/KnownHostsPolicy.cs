using System.Buffers;
using ActorTunnel.Ssh.Keys.Certificates;
using ActorTunnel.Ssh.Keys.KnownHosts;

namespace ActorTunnel.Ssh.Keys;

/// <summary>
/// Trusts the host keys in OpenSSH's known_hosts files, and the certificates of the authorities named there, by OpenSSH's rules with
/// one exception: a changed key is refused in every mode.
/// </summary>
public sealed class KnownHostsPolicy : IHostKeyPolicy
{
    private static readonly SearchValues<char> _notInHostNames = SearchValues.Create(" \t\r\n,*?!|#@\"");

    private readonly KnownHostsOptions _options;
    private readonly KnownHostsFile[] _files;
    private readonly string _host; // without port, as certificates name it
    private readonly string _name; // as known_hosts names it

    /// <summary>Creates the policy for connections to one host.</summary>
    /// <exception cref="ArgumentException">The host's name has characters that mean something else in known_hosts.</exception>
    public KnownHostsPolicy(KnownHostsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _files = [.. options.Files.Select(path => new KnownHostsFile(path))];
        _host = options.HostKeyAlias ?? HostNames.Canonical(options.Host);
        _name = options.HostKeyAlias ?? HostNames.NameOf(_host, options.Port);
        if (_host.Length == 0 || _host.AsSpan().ContainsAny(_notInHostNames))
            throw new ArgumentException($"'{_host}' is not the name of a host.", nameof(options));
    }

    /// <inheritdoc/>
    /// <exception cref="SshException"><see cref="SshFailure.HostKeyUnknown"/>: a file cannot be read.</exception>
    public IReadOnlyList<string> KnownKeyTypes => Read(notice: null).KeyTypes;

    /// <inheritdoc/>
    public async ValueTask CheckAsync(PublicKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        var known = Read(_options.Notice);
        if (key is Certificate certificate)
        {
            if (IsTrusted(known, certificate))
                return;
            key = certificate.Key; // As in OpenSSH, it is then a key like any other.
        }

        if (known.IsKnown(key))
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

    private bool IsTrusted(KnownHost known, Certificate certificate)
    {
        if (!known.IsSignedByAuthority(certificate))
            return false;
        if (HostCertificate.Problem(certificate, _host, _options.Time.GetUtcNow()) is not { } problem)
            return true;
        _options.Notice?.Invoke($"The host certificate of {_name} does not count: it {problem}.");
        return false;
    }

    private KnownHost Read(Action<string>? notice) =>
        new(_name, Find(_name, notice), _name == _host ? [] : Find(_host, notice: null));

    private List<KnownHostsEntry> Find(string name, Action<string>? notice) =>
        [.. _files.SelectMany(file => file.Matching(name, notice))];

    private void Remember(PublicKey key)
    {
        if (_files is not [var file, ..])
            return;
        try
        {
            using var alone = new KnownHostsLock();
            if (Read(notice: null).IsKnown(key))
                return; // Another connection has met the same host meanwhile.
            file.Append(_name, key);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It was decided that the key is right. That it cannot be written down is no reason not to connect, as in OpenSSH.
            _options.Notice?.Invoke($"Could not add the host key of {_name} to {file.Path}: {exception.Message}");
            return;
        }

        _options.Notice?.Invoke($"Added the host key of {_name} to {file.Path}: {key.Type} {key.Fingerprint}.");
    }

    private SshException Unknown(PublicKey key) => new(
        SshFailure.HostKeyUnknown,
        $"The host key of {_name} is not known: {key.Type} {key.Fingerprint}. Compare the fingerprint with the server's, then "
        + (_options.HowToAdd ?? HowSshAdds()));

    private string HowSshAdds() => "add the key with StrictHostKeyChecking=accept-new, or by connecting once with: ssh "
        + (_options.HostKeyAlias is null ? "" : $"-o HostKeyAlias={_options.HostKeyAlias} ") + $"-p {_options.Port} {_options.Host}";
}
