using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Authentication.Agent;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Cli.Authentication;

/// <summary>
/// Finds the keys to log in with, in files and in the agent. One that cannot be used is named on standard error and left out, as in
/// ssh. The order is ssh's, because servers count: certificates that were named, keys of the agent that a file names too, other keys
/// of the agent, files; the certificate beside a file after its key. So what logs in is what logs in with ssh: a server may allow a key
/// and its certificate different things. Only a certificate that does not hold at present comes last of all.
/// </summary>
internal sealed class Identities(KeyOpener opener, CommandOutput output, TimeProvider time)
{
    /// <summary>sshd's MaxAuthTries, if nobody changed it: so many keys are looked at before it hangs up.</summary>
    private const int UsualAttempts = 6;

    public async Task<IReadOnlyList<SshCredential>> LoadAsync(IdentitySettings settings, CancellationToken cancellationToken)
    {
        var agent = settings.AgentSocket is { } socket ? AgentSocket.Agent(socket, time) : null;
        var inAgent = await ListAsync(agent, cancellationToken);
        var files = new List<IdentityFile>();
        foreach (var path in Paths(settings))
            files.Add(await CompleteAsync(IdentityFile.Read(path, opener.CanAsk), cancellationToken));

        var halves = new PrivateHalves(opener, agent, inAgent, files);
        var offers = InOrder(settings, inAgent, files).Select(offer => (offer.Key, offer.Source, Sign: halves.Find(offer.Key))).ToList();
        foreach (var (_, source, _) in offers.Where(offer => offer.Sign is null && offer.Key is Certificate))
            output.Report($"{source} has no private key: give that with -i or add it to the SSH agent; going on without it");
        foreach (var file in files.Where(file => file.PublicKey is null || halves.Find(file.PublicKey) is null))
            output.Report(file.Problem!);
        var credentials = offers.Where(offer => offer.Sign is not null).ToList();
        Explain(settings.Host, [.. credentials.Select(offer => (offer.Key, offer.Source))]);
        return [.. credentials.Select(offer => new PublicKeyCredential(offer.Key, offer.Sign!))];
    }

    private IEnumerable<(PublicKey Key, string Source)> InOrder(
        IdentitySettings settings, IReadOnlyList<AgentIdentity> inAgent, List<IdentityFile> files)
    {
        // As in ssh, certificates that are named are all there are.
        var named = settings.CertificateFiles.Select(ReadCertificate).OfType<(PublicKey Key, string Source)>();
        var ofFiles = files.SelectMany(file => KeysOf(file, withCertificate: settings.CertificateFiles.Count == 0)).ToList();
        var ofAgent = inAgent
            .Select(identity => (identity.Key, Source: $"the SSH agent's {identity.Comment}"))
            .ToLookup(offer => ofFiles.Exists(file => PrivateHalves.IsSame(file.Key, offer.Key)));
        return named.Concat(ofAgent[true]).Concat(settings.IdentitiesOnly ? [] : ofAgent[false]).Concat(ofFiles)
            .DistinctBy(offer => Convert.ToBase64String(offer.Key.Blob.Span))
            .OrderBy(offer => IsOutOfTime(offer.Key, offer.Source) ? 1 : 0);
    }

    private IEnumerable<(PublicKey Key, string Source)> KeysOf(IdentityFile file, bool withCertificate)
    {
        if (file.PublicKey is not null)
            yield return (file.PublicKey, file.Path);

        var beside = (file.Path.EndsWith(".pub", StringComparison.Ordinal) ? file.Path[..^4] : file.Path) + "-cert.pub";
        if (withCertificate && File.Exists(beside) && ReadCertificate(beside) is { } certificate)
        {
            if (file.PublicKey is null || PrivateHalves.IsSame(PrivateHalves.Plain(certificate.Key), PrivateHalves.Plain(file.PublicKey)))
                yield return certificate;
            else
                output.Report($"{certificate.Source} does not belong to {file.Path}; going on without it");
        }
    }

    private (PublicKey Key, string Source)? ReadCertificate(string path)
    {
        try
        {
            return (IdentityFile.ReadCertificate(path), $"certificate {path}");
        }
        catch (SshException exception) when (exception.Failure == SshFailure.CredentialUnusable)
        {
            output.Report($"{exception.Message}; going on without it");
            return null;
        }
    }

    // Our clock may be wrong, so it is tried all the same; it costs one of the few attempts that servers allow, so not before others.
    private bool IsOutOfTime(PublicKey key, string source)
    {
        var now = time.GetUtcNow();
        if (key is not Certificate certificate || (certificate.ValidAfter <= now && now < certificate.ValidBefore))
            return false;
        output.Report(now < certificate.ValidAfter
            ? $"{source} is not valid before {certificate.ValidAfter:u}; it is tried last"
            : $"{source} expired at {certificate.ValidBefore:u}; it is tried last");
        return true;
    }

    /// <summary>The files to look at: those given or, when none of them is there, the default ones.</summary>
    private List<string> Paths(IdentitySettings settings)
    {
        var paths = settings.Files.Where(IdentityFile.Exists).ToList();
        if (settings.FilesAreGiven)
        {
            foreach (var missing in settings.Files.Except(paths))
                output.Report($"identity file {missing} does not exist; going on without it");
            if (paths.Count == 0)
                paths.AddRange(IdentitySettings.DefaultFiles.Select(UserPath.Expand).Where(IdentityFile.Exists));
        }

        return [.. paths.Distinct()];
    }

    private async ValueTask<IReadOnlyList<AgentIdentity>> ListAsync(SshAgent? agent, CancellationToken cancellationToken)
    {
        try
        {
            var identities = agent is null ? [] : await agent.ListAsync(cancellationToken);
            return [.. identities.Where(identity => identity.Key is not Certificate { Kind: CertificateKind.Host })];
        }
        catch (SshException exception) when (exception.Failure == SshFailure.CredentialUnusable)
        {
            output.Report($"{exception.Message}; going on without it");
            return [];
        }
    }

    // Without its .pub beside it an encrypted PEM file does not say what to offer: the passphrase is asked for now, not when needed.
    private async ValueTask<IdentityFile> CompleteAsync(IdentityFile file, CancellationToken cancellationToken)
    {
        if (file.PublicKey is not null || file.Problem is not null)
            return file;
        try
        {
            using var key = await opener.OpenAsync(file.Path, cancellationToken);
            return file with { PublicKey = key.PublicKey };
        }
        catch (SshException exception) when (exception.Failure == SshFailure.CredentialUnusable)
        {
            return file with { Problem = exception.Message };
        }
    }

    private void Explain(string host, List<(PublicKey Key, string Source)> offers)
    {
        if (output.Verbosity == 0)
            return;
        foreach (var (key, source) in offers)
            output.Report($"will offer {host} {key.Type} {key.Fingerprint} ({source})");
        if (offers.Count > UsualAttempts)
            output.Report($"{offers.Count} keys may be more than the server allows ({UsualAttempts} by default); see IdentitiesOnly");
    }
}
