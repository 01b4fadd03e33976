using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Authentication.Agent;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Cli.Authentication;

/// <summary>Who can sign for a key: the agent before a file, which may have to ask for a passphrase.</summary>
internal sealed class PrivateHalves(
    KeyOpener opener, SshAgent? agent, IReadOnlyList<AgentIdentity> inAgent, IReadOnlyList<IdentityFile> files)
{
    /// <summary>Null when nobody has the private half of the key or of the key that is certified.</summary>
    public Signer? Find(PublicKey key)
    {
        var plain = Plain(key);
        var identity = inAgent.FirstOrDefault(known => IsSame(known.Key, key)) ?? inAgent.FirstOrDefault(known => IsSame(known.Key, plain));
        var file = files.FirstOrDefault(known => known is { Problem: null, PublicKey: { } half } && IsSame(Plain(half), plain));
        Signer? byFile = file is null
            ? null
            : (algorithm, data, token) => opener.SignAsync(file.Path, plain, algorithm, data, token);
        if (identity is null)
            return byFile;

        // An agent may forget a key while the tunnel lives (ssh-add -t), and it is asked again after each loss. Nobody is asked for the
        // passphrase of what the agent had.
        Signer byAgent = (algorithm, data, token) => agent!.SignAsync(identity.Key, algorithm, data, token);
        return byFile is null || file!.NeedsPassphrase ? byAgent : Either(byAgent, byFile);
    }

    public static bool IsSame(PublicKey left, PublicKey right) => left.Blob.Span.SequenceEqual(right.Blob.Span);

    public static PublicKey Plain(PublicKey key) => key is Certificate certificate ? certificate.Key : key;

    private static Signer Either(Signer first, Signer second) => async (algorithm, data, token) =>
    {
        try
        {
            return await first(algorithm, data, token);
        }
        catch (SshException exception) when (exception.Failure == SshFailure.CredentialUnusable)
        {
            return await second(algorithm, data, token);
        }
    };
}
