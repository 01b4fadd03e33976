namespace ActorTunnel.Ssh.Keys;

/// <summary>
/// What to do about a host key that is not known; the values are those of OpenSSH's option. A changed key, and a revoked one, is
/// refused with every value.
/// </summary>
public enum StrictHostKeyChecking
{
    /// <summary>Ask a person. When there is nobody to ask: as <see cref="Yes"/>.</summary>
    Ask,

    /// <summary>Refuse it.</summary>
    Yes,

    /// <summary>Accept it and write it down.</summary>
    AcceptNew,

    /// <summary>
    /// <c>no</c> or <c>off</c>: as <see cref="AcceptNew"/>. With this value ssh also connects when a key has changed, but then without
    /// passwords and without forwarding, so that nothing can be stolen. Here forwarding is all that a connection is for: it is refused.
    /// </summary>
    No,
}

/// <summary>Which host is connected to, and where and how its key is looked up.</summary>
public sealed record KnownHostsOptions
{
    /// <summary>The host as the user names it: a name or an address, without brackets.</summary>
    public required string Host { get; init; }

    /// <summary>1..65535.</summary>
    public int Port { get; init; } = 22;

    /// <summary>
    /// The name to look up and to write instead of host and port, and the one a certificate has to be for: for hosts behind one
    /// address, or one host with several. Null: the host's own.
    /// </summary>
    public string? HostKeyAlias { get; init; }

    /// <summary>The known_hosts files, read anew for each connection; the first is written to. A missing file is an empty one.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>What to do about an unknown key.</summary>
    public StrictHostKeyChecking Mode { get; init; }

    /// <summary>What makes an unknown key known, to end the line that refuses it; null: OpenSSH's option and command.</summary>
    public string? HowToAdd { get; init; }

    /// <summary>The clock that says whether a certificate is valid.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Asks a person whether the key of an unknown host is right; null when there is nobody to ask.</summary>
    public Func<HostKeyQuestion, CancellationToken, ValueTask<bool>>? Ask { get; init; }

    /// <summary>
    /// Receives one line for each thing worth knowing: a key was added, could not be added, a line of a file is broken, a
    /// certificate does not hold.
    /// </summary>
    public Action<string>? Notice { get; init; }
}

/// <summary>The key of an unknown host, about which a person decides.</summary>
/// <param name="Host">The host as the user named it.</param>
/// <param name="Port">The port connected to.</param>
/// <param name="Key">The key; people compare its <see cref="PublicKey.Fingerprint"/>.</param>
public sealed record HostKeyQuestion(string Host, int Port, PublicKey Key);
