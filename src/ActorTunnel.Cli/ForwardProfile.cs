using ActorTunnel.Cli.Authentication;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;
using ActorTunnel.Cli.Terminals;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Cli;

/// <summary>Builds what the engine needs from what the command line said.</summary>
internal sealed class ForwardProfile(ForwardArguments arguments, ITerminal? terminal, RememberedSecrets secrets, CommandOutput output)
{
    private const int DefaultSshPort = 22;

    private readonly string _host = arguments.Host!;
    private readonly string _user = arguments.User ?? Environment.UserName;
    private readonly int _port = arguments.Port ?? DefaultSshPort;

    /// <summary>The SSH server, and how to log in there.</summary>
    /// <param name="password">The unattended password.</param>
    /// <param name="cancellationToken">Ends a question to the person.</param>
    /// <exception cref="TunnelException">There is nothing to log in with.</exception>
    public async Task<TunnelProfile> BuildAsync(RememberedSecret? password, CancellationToken cancellationToken)
    {
        var profile = new TunnelProfile
        {
            Host = _host,
            Port = _port,
            User = _user,
            Credentials = await CredentialsAsync(password, cancellationToken),
            HostKeys = HostKeys(),
            AddressFamily = arguments.AddressFamily,
            Algorithms = new() { Ciphers = arguments.Ciphers },
            ConnectTimeout = arguments.ConnectTimeout is { Ticks: > 0 } timeout ? timeout : null,
            // As with ssh -L: errors show at the start, and a lost connection is made anew before somebody needs it.
            Pool = new() { IdleTimeout = Timeout.InfiniteTimeSpan },
            Banner = text => output.Error.Write(PrintableText.Lines(text)),
            LoggedIn = secrets.LoginSucceeded,
        };
        return profile with
        {
            KeepAliveInterval = arguments.ServerAliveInterval ?? profile.KeepAliveInterval,
            KeepAliveCountMax = arguments.ServerAliveCountMax ?? profile.KeepAliveCountMax,
        };
    }

    /// <summary>The listeners here.</summary>
    public IReadOnlyList<ForwardOptions> Forwards() =>
        [.. arguments.Forwards.Select(forward => forward.ToOptions(arguments.AllInterfaces, arguments.AddressFamily, Ftp()))];

    /// <summary>The listeners on the SSH server.</summary>
    public IReadOnlyList<RemoteForwardOptions> RemoteForwards() => [.. arguments.RemoteForwards.Select(forward => forward.ToOptions(Ftp()))];

    private FtpOptions Ftp()
    {
        var ftp = new FtpOptions { DataPorts = arguments.DataPorts, AdvertiseAddress = arguments.AdvertiseAddress };
        return ftp with { PassiveAddress = arguments.PassiveAddress ?? ftp.PassiveAddress };
    }

    // In ssh's order: what needs no person first.
    private async Task<IReadOnlyList<SshCredential>> CredentialsAsync(RememberedSecret? password, CancellationToken cancellationToken)
    {
        var opener = new KeyOpener(terminal, secrets);
        var keys = await new Identities(opener, output).LoadAsync(arguments.IdentityFiles, cancellationToken);
        if (password is null && terminal is null)
        {
            return keys.Count > 0 ? keys : throw new TunnelException(
                Failure.Credential,
                "nothing to log in with: there is no usable key and no terminal to ask for a password;"
                + " give -i FILE or --password-file FILE");
        }

        var account = $"{_user}@{_host}";
        return
        [
            .. keys,
            new KeyboardInteractiveCredential(new InteractiveLogin(account, password, terminal, secrets).AnswerAsync),
            new PasswordCredential(new PasswordLogin(account, password, terminal, secrets).AskAsync),
        ];
    }

    private KnownHostsPolicy HostKeys()
    {
        var mode = arguments.StrictHostKeyChecking ?? (terminal is null ? StrictHostKeyChecking.Yes : StrictHostKeyChecking.Ask);
        IReadOnlyList<string> files = arguments.UserKnownHostsFiles ?? ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"];
        return new KnownHostsPolicy(new KnownHostsOptions
        {
            Host = _host,
            Port = _port,
            Files = [.. files.Select(UserPath.Expand), "/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"],
            Mode = mode,
            Ask = terminal is null ? null : new HostKeyPrompt(terminal).AskAsync,
            Notice = output.Report,
        });
    }
}
