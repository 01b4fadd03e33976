using System.Net;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>Fixed forwards, with the names of their profiles.</summary>
internal sealed class TunnelBuilder(ConfigurationFile file, Findings findings)
{
    private readonly ProfileUse _profiles = new(file, findings);
    private readonly FtpPolicyBuilder _ftp = new(findings);

    public List<(string Name, string Profile, ForwardOptions Options)> Forwards { get; } = [];

    public List<(string Name, string Profile, RemoteForwardOptions Options)> RemoteForwards { get; } = [];

    public void Build()
    {
        var names = new HashSet<string>();
        for (var i = 0; i < file.Tunnels.Count; i++)
        {
            var path = $"tunnels[{i}]";
            if (findings.IsLost(path))
                continue;
            var section = file.Tunnels[i];
            var name = section.Name ?? $"tunnel-{i + 1}";
            if (findings.Knows(path, "name") && !names.Add(name))
                findings.Mistake($"{path}.name", $"another tunnel has the name {MistakeList.Quote(name)}");
            if (name is EntryBuilder.SocksName or EntryBuilder.FtpProxyName)
                findings.Mistake($"{path}.name", $"'{name}' is the proxy's own name in logs and audit: choose another one");
            _profiles.CheckTunnel(path, section.Profile);
            if (section.Type != ForwardKind.Ftp && findings.Knows(path, "type"))
                _ftp.RefuseKeys(path, "for tcp");
            if (section is { Remote: true, DataPeerUid: true })
                findings.Mistake($"{path}.dataPeerUid", "with remote the clients are not on this machine: leave it out");
            Add(path, section, name);
        }
    }

    private void Add(string path, TunnelSection section, string name)
    {
        var (bind, port) = findings.Read($"{path}.listen", section.Listen, ValueForms.Listen);
        var (host, hostPort) = findings.Read($"{path}.destination", section.Destination, ValueForms.HostAndPort);
        var ftp = _ftp.Build(path, section);
        if (!findings.Knows(path, "remote"))
            return; // Whose address it is to listen on is not known.
        var mayRelay = section.AllowRelay || !findings.Knows(path, "allowRelay");
        if (section.Remote)
        {
            RemoteForwards.Add((name, section.Profile, new RemoteForwardOptions
            {
                Kind = section.Type,
                BindAddress = RemoteBind($"{path}.listen", bind, mayRelay),
                ListenPort = port,
                Host = host,
                HostPort = hostPort,
                Ftp = ftp,
            }));
            return;
        }

        var addresses = findings.Read($"{path}.listen", bind ?? "localhost", ValueForms.ListenAddresses) ?? [];
        if (!mayRelay && addresses.FirstOrDefault(address => !IPAddress.IsLoopback(address)) is { } open)
            findings.Mistake($"{path}.listen", $"{open} lets other machines in: write \"allowRelay\": true if that is meant");
        Forwards.Add((name, section.Profile, new ForwardOptions
        {
            Kind = section.Type,
            ListenAddresses = addresses,
            ListenPort = port,
            Host = host,
            HostPort = hostPort,
            Ftp = ftp,
        }));
    }

    // As with -R: the SSH server's matter, so a name of its own will do.
    private string RemoteBind(string path, string? bind, bool allowRelay)
    {
        var address = bind switch
        {
            null => "localhost",
            "*" => "",
            _ => findings.Read(path, bind, ValueForms.Host) ?? "",
        };
        var isLoopback = address == "localhost" || (IPAddress.TryParse(address, out var literal) && IPAddress.IsLoopback(literal));
        if (!isLoopback && !allowRelay && !findings.Mistakes.Touch(path))
            findings.Mistake(path, "this lets machines connect to the SSH server's port: write \"allowRelay\": true if that is meant");
        return address;
    }
}
