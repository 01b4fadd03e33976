using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>
/// A configuration file whose meaning has been found out, but for what its profiles need from outside (keys, passwords): whoever loads
/// them adds them.
/// </summary>
public sealed class CheckedConfiguration
{
    private readonly ConfigurationFile _file;
    private readonly SocksOptions? _socks;
    private readonly FtpProxyOptions? _ftpProxy;
    private readonly IReadOnlyList<(FilterRule Rule, string? Profile)> _rules;
    private readonly TunnelBuilder _tunnels;
    private readonly AdmissionOptions _admission;

    private CheckedConfiguration(ConfigurationSource source)
    {
        _file = source.File;
        var findings = new Findings(source);
        var entries = new EntryBuilder(findings);
        _socks = entries.Socks(_file.Socks);
        _ftpProxy = entries.FtpProxy(_file.FtpProxy);
        _rules = new RuleBuilder(_file, findings).Build();
        _tunnels = new TunnelBuilder(_file, findings);
        _tunnels.Build();
        _admission = Admission(_file.Limits, findings);
        if (source.Mistakes.Count == 0)
            CheckWhole(_file, findings);
        Mistakes = [.. source.Mistakes.Concat(findings.Mistakes.InOrder).OrderBy(mistake => mistake.Line)];
        Warnings = findings.Warnings.InOrder;
    }

    /// <summary>All that is wrong, in the order of the lines.</summary>
    public IReadOnlyList<Mistake> Mistakes { get; }

    /// <summary>What may not be meant.</summary>
    public IReadOnlyList<Mistake> Warnings { get; }

    /// <summary>Finds out what the file means.</summary>
    public static CheckedConfiguration Of(ConfigurationSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new CheckedConfiguration(source);
    }

    /// <summary>The whole, when there are no mistakes.</summary>
    /// <param name="profiles">Each profile of the file.</param>
    public ProxyConfiguration Build(IReadOnlyDictionary<string, ProfileTemplate> profiles)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        if (Mistakes.Count > 0)
            throw new InvalidOperationException("There are mistakes in the file: nothing can be built of it.");
        return new ProxyConfiguration
        {
            Socks = _socks,
            UsersFile = _file.Socks?.UsersFile,
            FtpProxy = _ftpProxy,
            Rules = new RuleSet(
                [.. _rules.Select(one => one.Profile is null ? one.Rule : one.Rule with { Profile = profiles[one.Profile] })]),
            Forwards = [.. _tunnels.Forwards.Select(one => new StaticForward(one.Name, profiles[one.Profile], one.Options))],
            RemoteForwards =
                [.. _tunnels.RemoteForwards.Select(one => new StaticRemoteForward(one.Name, profiles[one.Profile], one.Options))],
            Admission = _admission,
            Audit = _file.Audit,
        };
    }

    private static AdmissionOptions Admission(LimitsSection limits, Findings findings)
    {
        var defaults = new AdmissionOptions();
        var wait = findings.Time("limits.maxWait", limits.MaxWait, defaults.MaxWait);
        var isPossible = wait > TimeSpan.Zero && wait <= TimeSpan.FromHours(1);
        if (!isPossible && !findings.Mistakes.Touch("limits.maxWait"))
            findings.Mistake("limits.maxWait", "write a time up to an hour");
        return defaults with
        {
            MaxConnectionsPerServer = findings.Number(
                "limits.maxConnectionsPerServer", limits.MaxConnectionsPerServer, 1, 100_000, defaults.MaxConnectionsPerServer),
            MaxConnecting = findings.Number("limits.maxConnecting", limits.MaxConnecting, 1, 1000, defaults.MaxConnecting),
            MaxWait = wait,
        };
    }

    private static void CheckWhole(ConfigurationFile file, Findings findings)
    {
        if (file.Audit is { File: null, Console: false })
            findings.Mistake("audit", "this goes nowhere: write file, or \"console\": true");
        var hasProxy = file.Socks is not null || file.FtpProxy is not null;
        if (!hasProxy && file.Tunnels.Count == 0)
            findings.Mistake("", "nothing is to be done: write \"socks\": {} for a SOCKS proxy on 127.0.0.1:1080, or ftpProxy, or tunnels");
        else if (!hasProxy && file.Rules.Count > 0)
            findings.Warn("rules", "nobody asks these rules: write \"socks\": {} for a SOCKS proxy on 127.0.0.1:1080, or ftpProxy");
        else if (hasProxy && file.Rules.Count == 0)
            findings.Warn(file.Socks is null ? "ftpProxy" : "socks", "without rules every connection is refused");
    }
}
