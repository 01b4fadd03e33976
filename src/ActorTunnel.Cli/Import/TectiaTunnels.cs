using System.Globalization;
using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.ConfigurationFiles;

namespace ActorTunnel.Cli.Import;

/// <summary>Static tunnels and those of profiles. One of type socks-proxy is the SOCKS proxy itself.</summary>
internal sealed class TectiaTunnels(TectiaProfiles profiles, ImportNotes notes)
{
    private readonly List<TunnelSection> _tunnels = [];
    private readonly List<string> _listen = [];
    private bool _allowRelay;

    public IReadOnlyList<TunnelSection> Tunnels => _tunnels;

    /// <summary>Null: none is asked for.</summary>
    public SocksSection? Socks =>
        _listen.Count == 0 ? null : new SocksSection { Listen = [.. _listen.Distinct()], AllowRelay = _allowRelay };

    public void AddStatic(TectiaElement tunnel)
    {
        var type = tunnel.Text("type")?.ToLowerInvariant();
        if (type == "socks-proxy")
            AddSocks(tunnel);
        else
            Add(tunnel, type, tunnel.Text("profile") is { } id ? profiles.Find(id) : null, remote: false);
    }

    public void AddOf(TectiaProfile profile, TectiaElement element)
    {
        if (element.One("tunnels") is not { } tunnels)
            return;
        foreach (var tunnel in tunnels.All("local-tunnel"))
            Add(tunnel, tunnel.Text("type")?.ToLowerInvariant(), profile, remote: false);
        foreach (var tunnel in tunnels.All("remote-tunnel"))
            Add(tunnel, tunnel.Text("type")?.ToLowerInvariant(), profile, remote: true);
    }

    private void AddSocks(TectiaElement tunnel)
    {
        notes.Place = "socks";
        var relay = tunnel.Flag("allow-relay");
        if (Listen(tunnel, relay, "1080") is not { } listen)
            return;
        _listen.Add(listen);
        _allowRelay |= relay;
        if (relay)
            tunnel.Note("allow-relay", "write the networks that clients may come from into socks.clients: it does not start without");
        foreach (var name in (string[])["dst-host", "dst-port", "profile"])
        {
            if (tunnel.Text(name) is { } value && value != "0")
                tunnel.Note(name, "means nothing for a SOCKS proxy: its rules decide");
        }
    }

    private void Add(TectiaElement tunnel, string? type, TectiaProfile? profile, bool remote)
    {
        notes.Place = $"tunnels[{_tunnels.Count}]";
        var relay = tunnel.Flag("allow-relay");
        var host = tunnel.Text("dst-host");
        var port = tunnel.Number("dst-port", 1, 65535);
        tunnel.Attribute("profile");
        var listen = Listen(tunnel, relay, null);
        var problem = this switch
        {
            _ when type is not (null or "tcp" or "ftp") => $"type '{type}' has no equivalent: tcp, ftp and socks-proxy have",
            _ when profile is null => "its profile is missing or not known",
            _ when profile.HostFromApplication => "its profile names no SSH server",
            _ when profile.Section.User is null => "its profile names no user",
            _ when host is null || port is null => "its destination is missing",
            _ when listen is null => "its port is missing",
            _ => null,
        };
        if (problem is not null)
        {
            notes.Place = "tunnels";
            tunnel.Note($"left out: {problem}");
            return;
        }

        _tunnels.Add(new TunnelSection
        {
            Type = type == "ftp" ? ForwardKind.Ftp : ForwardKind.Tcp,
            Listen = listen!,
            Destination = string.Create(CultureInfo.InvariantCulture, $"{Bracketed(host!)}:{port}"),
            Profile = profile!.Name,
            Remote = remote,
            AllowRelay = relay,
        });
    }

    /// <summary>Without an address: loopback, or everywhere when relaying is allowed. Null: there is no port.</summary>
    private static string? Listen(TectiaElement tunnel, bool relay, string? usualPort)
    {
        var address = tunnel.Text("listen-address");
        var port = tunnel.Number("listen-port", 1, 65535)?.ToString(CultureInfo.InvariantCulture) ?? usualPort;
        if (address is "localhost")
            address = "127.0.0.1";
        address ??= relay ? "0.0.0.0" : "127.0.0.1";
        if (!IPAddress.TryParse(address, out var parsed))
        {
            tunnel.Note("listen-address", $"'{address}' is no address: 127.0.0.1 was written");
            address = "127.0.0.1";
        }
        else if (!relay && !IPAddress.IsLoopback(parsed))
        {
            tunnel.Note("listen-address", "other machines could connect there: set allowRelay if they shall, or write 127.0.0.1");
        }

        return port is null ? null : $"{Bracketed(address)}:{port}";
    }

    private static string Bracketed(string host) => host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
}
