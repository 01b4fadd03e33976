using System.Net;
using System.Net.Sockets;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Daemon;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Ssh.Authentication;

namespace ActorTunnel.Cli.Check;

/// <summary>What would become of a connection, rule by rule.</summary>
internal sealed class Explanation(LoadedConfiguration configuration)
{
    private readonly RuleSet _rules = configuration.Meaning.Rules;

    public async Task<IReadOnlyList<string>> LinesAsync(ConnectionRequest request, CancellationToken cancellationToken)
    {
        var who = request.SocksUser is null ? $"{request.Client}" : $"{request.SocksUser} at {request.Client}";
        var lines = new List<string> { $"{HostName.Bracketed(request.Host)}:{request.Port} for {who}" };
        var entries = new ProxyEntryOptions?[] { configuration.Meaning.Socks, configuration.Meaning.FtpProxy }
            .OfType<ProxyEntryOptions>().ToList();
        var closed = entries.Select(entry => NotServed(entry, request.Client)).OfType<string>().ToList();
        lines.AddRange(closed);
        if (closed.Count > 0 && closed.Count == entries.Count)
            return lines; // No rule is asked.
        if (CanonicalHost.Parse(request.Host) is { } host && host.Text != request.Host)
        {
            lines.Add($"{request.Host} is read as {host.Text}");
            request = request with { Host = host.Text };
        }

        if (_rules.Decide(request) is not { } decision)
        {
            request = request with { Addresses = await ResolveAsync(request.Host, cancellationToken) };
            lines.Add(request.Addresses.Count == 0
                ? $"{request.Host} does not resolve here"
                : $"{request.Host} is {string.Join(", ", request.Addresses)} here");
            decision = _rules.Decide(request)!;
        }

        var rows = _rules.Explain(request)
            .Select((one, i) => (one.Rule.Name, RuleText.Reason(one.Condition, configuration.Sections.Rules[i], request))).ToList();
        if (rows.Count > 0)
            lines.AddRange(HelpTable.Of(rows).Split('\n'));
        lines.AddRange(HelpTable.Of(await OutcomeAsync(decision, request, cancellationToken)).Split('\n').Select(line => line[2..]));
        return lines;
    }

    private static string? NotServed(ProxyEntryOptions entry, IPAddress client)
    {
        if (entry.Clients.Count > 0)
            return entry.Clients.Any(network => network.Contains(client))
                ? null
                : $"{entry.Name} does not serve {client}: no network in clients";
        return IPAddress.IsLoopback(client) ? null : $"{entry.Name} does not serve {client}: it listens on loopback addresses only";
    }

    private async Task<IReadOnlyList<(string, string)>> OutcomeAsync(
        Decision decision, ConnectionRequest request, CancellationToken cancellationToken)
    {
        if (decision.Action == FilterAction.Block)
            return [("block", decision.Refusal!)];
        var target = $"{HostName.Bracketed(decision.Host)}:{decision.Port}";
        if (decision.Action == FilterAction.Direct)
        {
            return await DirectRefusalAsync(decision, request, cancellationToken) is { } refusal
                ? [("block", refusal)]
                : [("direct", $"to {target}, without SSH, readable for everybody")];
        }

        var rule = decision.Rule!;
        var fallback = "none: without the SSH server there is no connection";
        if (rule.FallbackToPlain)
        {
            fallback = await DirectRefusalAsync(decision, request, cancellationToken) is { } refusal
                ? $"none: {refusal}"
                : $"to {target} without SSH, readable for everybody, when TCP to the SSH server fails";
        }

        using var password = new Secret([]);
        var profile = rule.Profile!.Make(new ProfileRequest(
            decision.SshHost, rule.UserFromApplication ? new ApplicationLogin("the FTP user", password) : null));
        return
        [
            (RuleText.Word(decision.Action), $"to {target}, as the SSH server sees it"),
            ("SSH server", $"{ProfileText.Server(profile)}, profile {rule.Profile.Name}"),
            ("login", $"as {profile.User}: {ProfileText.Login(profile, rule.UserFromApplication)}"),
            ("fallback", fallback),
        ];
    }

    private async Task<string?> DirectRefusalAsync(Decision decision, ConnectionRequest request, CancellationToken cancellationToken)
    {
        var addresses = request.Addresses is { } known && decision.Rule?.Destination is null
            ? known
            : await ResolveAsync(decision.Host, cancellationToken);
        return addresses.Count == 0
            ? $"{decision.Host} does not resolve here"
            : DirectGuard.Refusal(decision, addresses, Listeners());
    }

    private List<IPEndPoint> Listeners() =>
    [
        .. new[]
        {
            configuration.Meaning.Socks?.Listen ?? [],
            configuration.Meaning.FtpProxy?.Listen ?? [],
            configuration.Meaning.Forwards.SelectMany(one =>
                one.Options.ListenAddresses.Select(address => new IPEndPoint(address, one.Options.ListenPort))),
        }.SelectMany(listeners => listeners).SelectMany(OwnListeners.Each),
    ];

    private static async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (CanonicalHost.Parse(host) is not { } canonical)
            return [];
        try
        {
            return canonical.Address is { } address ? [address] : await Dns.GetHostAddressesAsync(canonical.Text, cancellationToken);
        }
        catch (SocketException)
        {
            return []; // It does not resolve, which is said.
        }
    }
}
