using ActorTunnel.Cli.Output;
using ActorTunnel.Cli.SshConfig;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Cli.CommandLine;

/// <summary>
/// What <c>actortunnel forward</c> was told. Of a setting, as in ssh, the first value said wins, whether by <c>-p</c>, by
/// <c>-o Port</c> or in the destination; then come the configuration files.
/// </summary>
internal sealed class ForwardArguments
{
    public bool Help { get; set; }

    public bool Version { get; set; }

    public int Verbosity { get; set; }

    /// <summary>The SSH server as it was named.</summary>
    public string? Host { get; set; }

    /// <summary><c>-F</c>.</summary>
    public string? ConfigFile { get; set; }

    /// <summary><c>-G</c>: print the settings and do nothing.</summary>
    public bool PrintSettings { get; set; }

    /// <summary>For the SSH server.</summary>
    public SettingValues Settings { get; } = new();

    /// <summary>Keywords that were typed and mean nothing here.</summary>
    public List<string> Unused { get; } = [];

    /// <summary>Of the keywords typed with <c>-o</c> those for FTP.</summary>
    public List<string> FtpKeywords { get; } = [];

    public string? PasswordFile { get; set; }

    public List<ForwardSpecification> Forwards { get; } = [];

    public List<RemoteForwardSpecification> RemoteForwards { get; } = [];

    /// <summary><c>-g</c>: forwards without a bind address listen on all interfaces.</summary>
    public bool AllInterfaces { get; set; }

    public bool CarriesFtp =>
        Forwards.Any(forward => forward.Kind == ForwardKind.Ftp) || RemoteForwards.Any(forward => forward.Kind == ForwardKind.Ftp);

    /// <summary>Reads the arguments that follow the word <c>forward</c>.</summary>
    /// <exception cref="UsageException">They cannot be used.</exception>
    public static ForwardArguments Parse(IReadOnlyList<string> arguments)
    {
        var result = new ForwardArguments();
        new OptionTable<ForwardArguments>(ForwardOptionTable.Options, (target, text) => target.SetDestination(text))
            .Apply(arguments, result);
        if (!result.Help && !result.Version)
            result.CheckComplete();
        return result;
    }

    /// <summary>Takes the value of <c>-o</c>: a line as in a configuration file.</summary>
    /// <exception cref="UsageException">The keyword is unknown or its value cannot be used.</exception>
    public void Set(string text)
    {
        if (ConfigLine.Parse(text) is not { Keyword.Length: > 0 } line)
            throw new UsageException("-o needs a setting, as in -o Port=2222");
        if (!SettingTable.Apply(Settings, line with { IsTyped = true }, Settings.IgnoreUnknown))
            Unused.Add(line.Keyword);
        if (FtpSettingTable.Has(line.Keyword))
            FtpKeywords.Add(line.Keyword);
    }

    /// <summary>Takes the value of <c>-J</c>.</summary>
    /// <exception cref="UsageException">It is no list of hosts.</exception>
    public void Jump(string text)
    {
        var jumps = JumpList.Parse(text);
        if (Settings.ProxyJump is not null || Settings.ProxyCommand is not null)
            throw new UsageException("-J is given once, with commas between the hosts, and not together with ProxyCommand");
        Settings.ProxyJump = jumps;
    }

    private void SetDestination(string text)
    {
        if (Host is not null)
            throw new UsageException($"{PrintableText.Quote(text)} is one argument too many: only a destination is given, never a command");

        var destination = Destination.Parse(text);
        Host = destination.Host;
        Settings.User ??= destination.User;
        Settings.Port ??= destination.Port;
    }

    private void CheckComplete()
    {
        if (Host is null)
            throw new UsageException("the SSH server is missing; write forward -L ftp/2121:ftp-host:21 user@ssh-server");
        if (Forwards.Count == 0 && RemoteForwards.Count == 0 && !PrintSettings)
            throw new UsageException("nothing to forward; add -L ftp/2121:ftp-host:21");
        CheckFtpKeywords();
    }

    /// <summary>Who types such a word relies on it. A file may have it for other forwards to the same server.</summary>
    private void CheckFtpKeywords()
    {
        if (PrintSettings)
            return;
        if (!CarriesFtp && FtpKeywords.Count > 0)
            throw new UsageException($"-o {FtpKeywords[0]} is for FTP, and no forward carries it: write ftp/ in front of its port");
        if (Forwards.TrueForAll(forward => forward.Kind != ForwardKind.Ftp)
            && FtpKeywords.Contains(nameof(FtpOptions.DataPeerUid), StringComparer.OrdinalIgnoreCase))
        {
            throw new UsageException("-o DataPeerUid is for clients on this machine, and those of -R are elsewhere: leave it out");
        }
    }
}
