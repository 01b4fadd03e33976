using System.Net;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Ways;

/// <summary>Servers on this computer's loopback, each on a port of its own; the logs of the servers tell who connected to whom.</summary>
internal sealed class LocalParts : IDisposable
{
    private const long FileLength = 8 * TestFile.Mebibyte;

    private readonly TemporaryFolder _folder = new();
    private readonly List<IAsyncDisposable> _servers = [];

    public LocalParts() => Machine = new Machine(null, _folder);

    public Machine Machine { get; }

    public TemporaryFolder Folder => _folder;

    public async Task<SshdServer> SshdAsync(params string[] settings)
    {
        var server = await SshdServer.StartAsync(Machine, IPAddress.Loopback, settings);
        _servers.Add(server);
        return server;
    }

    public async Task<VsftpdServer> FtpAsync(params string[] settings)
    {
        var server = await VsftpdServer.StartAsync(Machine, IPAddress.Parse("127.0.0.2"), settings);
        _servers.Add(server);
        return server;
    }

    public async Task<ProxyProcess> ProxyAsync(Func<Machine, TemporaryFolder, Task<ProxyProcess>> startAsync)
    {
        var proxy = await startAsync(Machine, _folder);
        _servers.Add(proxy);
        return proxy;
    }

    /// <summary>A file down and up again through the entry: the same at both ends, in this mode.</summary>
    public async Task CarryAsync(IPEndPoint entry, VsftpdServer ftp, DataMode mode)
    {
        var name = $"{Guid.NewGuid():N}";
        var original = await TestFile.CreateAsync(ftp.PathOf(name), FileLength);
        var here = _folder.PathOf(name);
        var curl = new Curl(Machine);

        var down = (await curl.DownloadAsync(entry, mode, $"files/{name}", here)).Succeeded();
        mode.AssertUsed(down);
        await TestFile.AssertSameAsync(original, here, down);
        var up = (await curl.UploadAsync(entry, mode, here, $"files/{name}-back")).Succeeded();
        await TestFile.AssertSameAsync(original, ftp.PathOf($"{name}-back"), up);
    }

    public async Task StopAsync()
    {
        foreach (var server in Enumerable.Reverse(_servers))
            await server.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();
}
