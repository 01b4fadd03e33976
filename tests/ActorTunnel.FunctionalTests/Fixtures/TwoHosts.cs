using System.Net;
using static ActorTunnel.FunctionalTests.Fixtures.NetworkNamespace;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>
/// The client's machine and the server's machine, joined by one wire. FTP servers listen on the server's loopback only, so from the
/// client's machine nothing but the sshd can be reached: a data channel outside the tunnel fails.
/// Without the right to make network namespaces both are this computer; FTP servers then listen on 127.0.0.2, where a client that was
/// told nothing but a port does not look, and <see cref="DataPeers"/> tells whether each data channel went through sshd.
/// </summary>
public sealed class TwoHosts : IDisposable
{
    private const string Wire = "wire";
    private const string InnerWire = "inner";

    private readonly TemporaryFolder _home = new();
    private readonly string? _clientName;
    private readonly string? _serverName;
    private string? _innerName;

    public TwoHosts()
    {
        RemoveLeftovers();
        var name = NewName();
        if (Ip($"netns add {name}-c") is { } refusal)
        {
            Limitation = $"no network namespaces ({refusal}): data channels are checked by the logs of the servers instead";
            Client = Server = new Machine(null, _home);
            return;
        }

        _clientName = $"{name}-c";
        _serverName = $"{name}-s";
        Must($"netns add {_serverName}");
        Must($"-n {_clientName} link add {Wire} type veth peer name {Wire} netns {_serverName}");
        SetUp(_clientName, Wire, "10.88.0.1/24", "fd00:88::1/64", "fe80::88:1/64");
        SetUp(_serverName, Wire, "10.88.0.2/24", "fd00:88::2/64", "fe80::88:2/64");
        Client = new Machine(_clientName, _home);
        Server = new Machine(_serverName, _home);
    }

    /// <summary>Why the machines are not separate, for people; null if they are.</summary>
    public string? Limitation { get; }

    /// <summary>False: both machines are this computer.</summary>
    public bool AreSeparate => _clientName is not null;

    public Machine Client { get; }

    public Machine Server { get; }

    /// <summary>Where the client's machine sees the server's machine.</summary>
    public IPAddress ServerAddress => AreSeparate ? IPAddress.Parse("10.88.0.2") : IPAddress.Loopback;

    /// <summary>The same, by IPv6.</summary>
    public IPAddress ServerAddressV6 => AreSeparate ? IPAddress.Parse("fd00:88::2") : IPAddress.IPv6Loopback;

    /// <summary>The same on the wire between them, as either machine writes it.</summary>
    public static string ServerLinkLocal => $"fe80::88:2%{Wire}";

    /// <summary>Where FTP servers listen, out of reach for the client's machine.</summary>
    public IPAddress HiddenAddress => AreSeparate ? IPAddress.Loopback : IPAddress.Parse("127.0.0.2");

    /// <summary>Where the server's machine sees the third machine.</summary>
    public static IPAddress InnerAddress { get; } = IPAddress.Parse("10.89.0.2");

    /// <summary>From now on nothing arrives, in either direction, and nobody is told.</summary>
    public void CutWire() => Must($"-n {_serverName} link set wire down");

    public void MendWire()
    {
        Must($"-n {_serverName} link set wire up");
        _ = Ip($"-n {_serverName} address add fd00:88::2/64 dev wire nodad"); // IPv6 addresses go with the link
    }

    /// <summary>A third machine, <see cref="InnerAddress"/>, that only the server's machine has a wire to. There is one at most.</summary>
    public Machine AddInner()
    {
        _innerName = $"{_serverName![..^1]}i";
        Must($"netns add {_innerName}");
        Must($"-n {_serverName} link add {InnerWire} type veth peer name {InnerWire} netns {_innerName}");
        SetUp(_serverName, InnerWire, "10.89.0.1/24");
        SetUp(_innerName, InnerWire, "10.89.0.2/24");
        return new Machine(_innerName, _home);
    }

    public void Dispose()
    {
        _home.Dispose();
        if (_clientName is null)
            return;
        Must($"netns delete {_clientName}");
        Must($"netns delete {_serverName}");
        if (_innerName is not null)
            Must($"netns delete {_innerName}");
    }

    /// <summary>An address beside the server's that takes what the client sends to it, and never answers.</summary>
    public IPAddress AddBlackHole(bool ipv6)
    {
        var address = ipv6 ? "fd00:88::dead" : "10.88.0.99";
        Must($"-n {_clientName} neighbor replace {address} lladdr 02:00:00:00:de:ad dev {Wire} nud permanent");
        return IPAddress.Parse(address);
    }
}
