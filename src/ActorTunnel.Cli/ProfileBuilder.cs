using ActorTunnel.Cli.Authentication;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;
using ActorTunnel.Cli.SshConfig;
using ActorTunnel.Cli.Terminals;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Cli;

/// <summary>Builds what the engine needs to reach an SSH server from the settings for it.</summary>
internal sealed class ProfileBuilder(ITerminal? terminal, RememberedSecrets secrets, CommandOutput output, TimeProvider time)
{
    /// <summary>The SSH server, how to log in there, and the way there.</summary>
    /// <param name="settings">The server's settings.</param>
    /// <param name="way">Those of the hosts on the way there, in the order in which they are connected to.</param>
    /// <param name="password">The unattended password, for the server alone.</param>
    /// <param name="cancellationToken">Ends a question to the person.</param>
    /// <exception cref="TunnelException">There is nothing to log in with.</exception>
    /// <exception cref="UsageException">A setting asks for what this program does not do.</exception>
    public async Task<TunnelProfile> BuildAsync(
        SshSettings settings, IReadOnlyList<SshSettings> way, Secret? password, CancellationToken cancellationToken)
    {
        TunnelProfile? via = null;
        foreach (var hop in way)
            via = await BuildAsync(hop, via, password: null, cancellationToken);
        return await BuildAsync(settings, via, password, cancellationToken);
    }

    private async Task<TunnelProfile> BuildAsync(
        SshSettings settings, TunnelProfile? via, Secret? password, CancellationToken cancellationToken)
    {
        RefuseUnsupported(settings);
        var person = settings.BatchMode ? null : terminal;
        return Build(settings, await CredentialsAsync(settings, person, password, cancellationToken), HostKeys(settings), via);
    }

    /// <summary>The profile of one server, when it is known how to log in there and whom to trust.</summary>
    /// <exception cref="UsageException">A setting asks for what this program does not do.</exception>
    public TunnelProfile Build(
        SshSettings settings, IReadOnlyList<SshCredential> credentials, IHostKeyPolicy hostKeys, TunnelProfile? via)
    {
        var profile = new TunnelProfile
        {
            Host = settings.HostName,
            Port = settings.Port,
            User = settings.User,
            Credentials = credentials,
            HostKeys = hostKeys,
            AddressFamily = settings.AddressFamily,
            Algorithms = AlgorithmsOf(settings),
            Via = via,
            Proxies = settings.Proxy is { } rules ? ProxyRules.Parse(rules, ProxyPassword(settings)) : [],
            ConnectTimeout = settings.ConnectTimeout is { Ticks: > 0 } timeout ? timeout : null,
            KeepAliveInterval = settings.ServerAliveInterval,
            KeepAliveCountMax = settings.ServerAliveCountMax,
            RekeyInterval = settings.RekeyInterval > TimeSpan.Zero ? settings.RekeyInterval : null,
            Pool = settings.Pool,
            Banner = text => output.Error.Write(PrintableText.Lines(text)),
            LoggedIn = secrets.LoginSucceeded,
        };
        return settings.RekeyBytes > 0 ? profile with { RekeyBytes = settings.RekeyBytes } : profile;
    }

    /// <summary>Whom to trust.</summary>
    /// <param name="settings">The server's settings.</param>
    /// <param name="howToAdd"><inheritdoc cref="KnownHostsOptions.HowToAdd" path="/summary"/></param>
    public IHostKeyPolicy HostKeys(SshSettings settings, string? howToAdd = null) => settings.HostKeyFingerprints.Count > 0
        ? new PinnedHostKeys(settings.HostKeyFingerprints)
        : new KnownHostsPolicy(KnownHosts(settings, settings.BatchMode ? null : terminal) with { HowToAdd = howToAdd });

    /// <summary>To go on without these would connect around what they are there for.</summary>
    private static void RefuseUnsupported(SshSettings settings)
    {
        if (settings.ProxyCommand is not null)
        {
            throw new UsageException(
                $"ProxyCommand is set for {settings.Host} and is not supported: no command is run; use ProxyJump or Proxy, or pass"
                + " -o ProxyCommand=none to connect without it");
        }

        if (settings.RevokedHostKeys is not null)
        {
            throw new UsageException(
                $"RevokedHostKeys is set for {settings.Host} and is not supported: mark such keys @revoked in known_hosts and pass"
                + " -o RevokedHostKeys=none");
        }
    }

    private async Task<IReadOnlyList<SshCredential>> CredentialsAsync(
        SshSettings settings, ITerminal? person, Secret? password, CancellationToken cancellationToken)
    {
        var account = $"{settings.User}@{settings.HostName}";
        var tries = settings.NumberOfPasswordPrompts;
        var credentials = new List<SshCredential>();
        foreach (var method in LoginMethods.Of(settings, password is not null))
        {
            switch (method)
            {
                case LoginMethods.PublicKey:
                    var keys = new Identities(new KeyOpener(person, secrets) { MaxTries = tries }, output, time);
                    credentials.AddRange(await keys.LoadAsync(IdentitySettings.Of(settings), cancellationToken));
                    break;
                case LoginMethods.KeyboardInteractive when password is not null:
                    credentials.Add(new KeyboardInteractiveCredential(password));
                    break;
                case LoginMethods.KeyboardInteractive when person is not null:
                    var login = new InteractiveLogin(account, person, secrets) { MaxTries = tries };
                    credentials.Add(new KeyboardInteractiveCredential(login.AnswerAsync));
                    break;
                case LoginMethods.Password when password is not null:
                    credentials.Add(new PasswordCredential(password));
                    break;
                case LoginMethods.Password when person is not null:
                    var asked = new PasswordLogin(account, person, secrets) { MaxTries = tries };
                    credentials.Add(new PasswordCredential(asked.AskAsync));
                    break;
            }
        }

        return credentials.Count > 0 ? credentials : throw new TunnelException(
            Failure.Credential,
            $"nothing to log in to {PrintableText.OneLine(settings.Host)} with: there is no usable key and no terminal to ask for a"
            + " password; give -i FILE or --password-file FILE, or add a key to the SSH agent");
    }

    // It is read for each connection, so that nothing keeps it meanwhile.
    private static Func<byte[]>? ProxyPassword(SshSettings settings)
    {
        if (settings.ProxyPasswordFile is null)
            return null;
        var path = settings.Tokens.ExpandPath(settings.ProxyPasswordFile);
        return () =>
        {
            using var password = UnattendedPassword.FromFile(path);
            return password.Copy();
        };
    }

    private KnownHostsOptions KnownHosts(SshSettings settings, ITerminal? person) => new()
    {
        Host = settings.HostName,
        Port = settings.Port,
        HostKeyAlias = settings.HostKeyAlias,
        // New keys are written to the first. A file of the whole machine must not be that.
        Files = [.. settings.UserKnownHostsFiles.DefaultIfEmpty("/dev/null"), .. settings.GlobalKnownHostsFiles],
        Mode = settings.StrictHostKeyChecking ?? (person is null ? StrictHostKeyChecking.Yes : StrictHostKeyChecking.Ask),
        Ask = person is null ? null : new HostKeyPrompt(person).AskAsync,
        Notice = output.Report,
    };

    private static AlgorithmChoice AlgorithmsOf(SshSettings settings)
    {
        return new AlgorithmChoice
        {
            KeyExchanges = Names("KexAlgorithms", settings.KexAlgorithms, SshAlgorithms.KeyExchanges),
            HostKeys = Names("HostKeyAlgorithms", settings.HostKeyAlgorithms, SshAlgorithms.HostKeys),
            PreferKnownHostKeys = settings.HostKeyAlgorithms is { KeepsOrder: true },
            Ciphers = Names("Ciphers", settings.Ciphers, SshAlgorithms.Ciphers),
            Macs = Names("MACs", settings.Macs, SshAlgorithms.Macs),
        };

        IReadOnlyList<string>? Names(string keyword, AlgorithmList? list, IReadOnlyList<string> supported) => list is { Names.Count: 0 }
            ? throw new UsageException(
                $"{keyword} for {settings.Host} leaves none that is supported; supported are {string.Join(", ", supported)}")
            : list?.Names;
    }
}
