using System.Net;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>The proxies' listeners, and who may use them.</summary>
internal sealed class EntryBuilder(Findings findings)
{
    public const string SocksName = "socks";
    public const string FtpProxyName = "ftpProxy";

    public SocksOptions? Socks(SocksSection? section) => section is null ? null : new SocksOptions
    {
        Name = SocksName,
        Listen = Listeners("socks", section, section.Listen),
        AllowRelay = section.AllowRelay,
        Clients = findings.ReadAll("socks.clients", section.Clients, ValueForms.Network),
    };

    public FtpProxyOptions? FtpProxy(FtpProxySection? section) => section is null ? null : new FtpProxyOptions
    {
        Name = FtpProxyName,
        Listen = Listeners("ftpProxy", section, section.Listen),
        AllowRelay = section.AllowRelay,
        Clients = findings.ReadAll("ftpProxy.clients", section.Clients, ValueForms.Network),
    };

    private List<IPEndPoint> Listeners(string path, ListenerSection section, IReadOnlyList<string> listen)
    {
        var endPoints = findings.ReadAll($"{path}.listen", listen, EndPoints).SelectMany(all => all).ToList();
        if (listen.Count == 0 && findings.Knows(path, "listen"))
            findings.Mistake($"{path}.listen", "there is no address to listen on: leave the key out, or write ADDRESS:PORT");
        if (endPoints.GroupBy(endPoint => endPoint).FirstOrDefault(group => group.Key.Port > 0 && group.Count() > 1) is { Key: var twice })
            findings.Mistake($"{path}.listen", $"{twice} stands here twice");
        if (endPoints.Find(endPoint => !IPAddress.IsLoopback(endPoint.Address)) is { } open && !section.AllowRelay
            && findings.Knows(path, "allowRelay"))
        {
            findings.Mistake($"{path}.listen", $"{open} lets other machines in: write \"allowRelay\": true and their networks as clients");
        }

        if (section is { AllowRelay: true, Clients.Count: 0 } && findings.Knows(path, "clients"))
            findings.Mistake($"{path}.allowRelay", "write the networks that clients may come from as clients, as in 10.0.0.0/8");
        return endPoints;
    }

    private static IEnumerable<IPEndPoint> EndPoints(string text)
    {
        var (address, port) = ValueForms.Listen(text);
        return (address is null ? [IPAddress.Loopback] : ValueForms.ListenAddresses(address))
            .Select(one => new IPEndPoint(one, port)).ToList();
    }
}
