using ActorTunnel.Engine;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.ConfigurationFiles;

namespace ActorTunnel.Cli.Daemon;

/// <summary>What a configuration wants open.</summary>
internal sealed class Entries(TunnelEngine engine)
{
    public IReadOnlyList<Entry> Of(LoadedConfiguration configuration)
    {
        var meaning = configuration.Meaning;
        var entries = new List<Entry>();
        if (meaning.Socks is { } socks)
            entries.Add(Of(socks with { Users = configuration.Users?.Users }, configuration.Users?.Stamp));
        if (meaning.FtpProxy is { } ftp)
            entries.Add(Of(ftp));
        entries.AddRange(meaning.Forwards.Select(Of));
        entries.AddRange(meaning.RemoteForwards.Select(Of));
        entries.AddRange(configuration.Profiles
            .Where(profile => configuration.Sections.Profiles[profile.Key].ConnectOnStart)
            .Select(profile => Connect(profile.Value.Template)));
        return entries;
    }

    private Entry Of(SocksOptions options, string? users) => new(
        "socks",
        "socks.listen",
        new EntryStamp($"{StampOf(options)} {users}"),
        async stop => [.. (await engine.OpenSocksAsync(options, stop)).Select(listener => $"socks {listener}")],
        () => CloseAsync(options.Name!));

    private Entry Of(FtpProxyOptions options) => new(
        "ftp-proxy",
        "ftpProxy.listen",
        new EntryStamp(StampOf(options)),
        async stop => [.. (await engine.OpenFtpProxyAsync(options, stop)).Select(listener => $"ftp-proxy {listener}")],
        () => CloseAsync(options.Name!));

    private Entry Of(StaticForward tunnel)
    {
        var options = tunnel.Options with { Name = tunnel.Name };
        var profile = Profile(tunnel.Profile);
        return new(
            $"tunnel {tunnel.Name}",
            $"listen of tunnel {tunnel.Name}",
            new EntryStamp($"{options with { ListenAddresses = [] }} {string.Join(' ', options.ListenAddresses)}", tunnel.Profile),
            async stop => [.. (await engine.ForwardAsync(options, profile, stop)).Select(at => ReadyLine.Of(options, at, profile))],
            () => CloseAsync(tunnel.Name));
    }

    private Entry Of(StaticRemoteForward tunnel)
    {
        var options = tunnel.Options with { Name = tunnel.Name };
        var profile = Profile(tunnel.Profile);
        return new(
            $"tunnel {tunnel.Name}",
            $"listen of tunnel {tunnel.Name}",
            new EntryStamp($"{options}", tunnel.Profile),
            async stop => [ReadyLine.Of(options, await engine.ForwardRemoteAsync(options, profile, stop), profile)],
            () => CloseAsync(tunnel.Name)) { NeedsServer = true };
    }

    // There is nothing to close: a connection that is not kept goes when it is idle, and one that is kept when its profile is retired.
    private Entry Connect(ProfileTemplate template) => new(
        $"connectOnStart of {template.Name}",
        $"profile {template.Name}",
        new EntryStamp("", template),
        async stop =>
        {
            await engine.ConnectAsync(Profile(template), stop);
            return [];
        },
        () => Task.CompletedTask) { NeedsServer = true };

    private static TunnelProfile Profile(ProfileTemplate template) => template.Make(new ProfileRequest(null, null));

    private static string StampOf(ProxyEntryOptions options) =>
        $"{string.Join(' ', options.Listen)} {options.AllowRelay} {string.Join(' ', options.Clients)}";

    private Task<bool> CloseAsync(string name) => engine.CloseEntryAsync(name, CancellationToken.None);
}
