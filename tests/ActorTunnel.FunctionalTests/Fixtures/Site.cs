using System.Net;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>Everything that most tests share: two machines, one sshd, an FTP server for each family, one tunnel. Started once.</summary>
public sealed class Site(IMessageSink messages) : IAsyncLifetime
{
    private Task<ActorTunnelProcess>? _tunnel;
    private Task<RemoteSide>? _remote;
    private Task<VsftpdServer>? _third;
    private IPEndPoint _entry = null!;
    private IPEndPoint _entryV6 = null!;

    public TwoHosts Hosts { get; private set; } = null!;

    public SshdServer Ssh { get; private set; } = null!;

    public VsftpdServer Ftp { get; private set; } = null!;

    public VsftpdServer FtpV6 { get; private set; } = null!;

    /// <summary>Files of the client.</summary>
    public TemporaryFolder ClientFiles { get; } = new();

    public async Task InitializeAsync()
    {
        if (RealParts.Missing is { } missing)
        {
            Assert.True(RealParts.SkipReason is not null, missing);
            return;
        }

        Hosts = new TwoHosts();
        if (Hosts.Limitation is { } limitation)
            messages.OnMessage(new DiagnosticMessage(limitation));
        Ssh = await SshdServer.StartAsync(Hosts.Server, Hosts.ServerAddress);
        Ftp = await VsftpdServer.StartAsync(Hosts.Server, Hosts.HiddenAddress);
        FtpV6 = await VsftpdServer.StartAsync(Hosts.Server, IPAddress.IPv6Loopback);
    }

    /// <summary>The FTP server behind an entry.</summary>
    public VsftpdServer Server(bool ipv6) => ipv6 ? FtpV6 : Ftp;

    /// <summary>Where clients connect to; the tunnel starts with the first of them.</summary>
    public async Task<IPEndPoint> EntryAsync(bool ipv6 = false)
    {
        var tunnel = await (_tunnel ??= StartTunnelAsync());
        Assert.False(tunnel.HasExited, $"actortunnel has ended: {tunnel.Diagnostics}");
        return ipv6 ? _entryV6 : _entry;
    }

    /// <summary>Remote forwards; they start with the first who asks.</summary>
    public Task<RemoteSide> RemoteAsync() => _remote ??= RemoteSide.StartAsync(Hosts, Ssh);

    /// <summary>An FTP server that only the SSH server's machine can reach. Both machines must be separate.</summary>
    public Task<VsftpdServer> ThirdHostAsync() => _third ??= VsftpdServer.StartAsync(Hosts.AddInner(), TwoHosts.InnerAddress);

    public async Task DisposeAsync()
    {
        if (_third is { IsCompletedSuccessfully: true })
            await (await _third).DisposeAsync();
        if (_remote is { IsCompletedSuccessfully: true })
            await (await _remote).DisposeAsync();
        if (_tunnel is { IsCompletedSuccessfully: true })
            await (await _tunnel).DisposeAsync();
        foreach (var server in new IAsyncDisposable?[] { Ftp, FtpV6, Ssh })
        {
            if (server is not null)
                await server.DisposeAsync();
        }

        Hosts?.Dispose();
        ClientFiles.Dispose();
    }

    private Task<ActorTunnelProcess> StartTunnelAsync()
    {
        _entry = ActorTunnelProcess.NewEntry(Hosts);
        _entryV6 = ActorTunnelProcess.NewEntry(Hosts, IPAddress.IPv6Loopback);
        return ActorTunnelProcess.StartAsync(
            Hosts.Client, Ssh, Forward.Ftp(_entry, Ftp.EndPoint), Forward.Ftp(_entryV6, FtpV6.EndPoint));
    }
}

/// <summary>Tests that share the site run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SharedSite : ICollectionFixture<Site>
{
    public const string Name = "shared site";
}
