using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Servers;

/// <summary>Files through the tunnel with servers other than vsftpd, which the other tests have.</summary>
[Collection(SharedSite.Name)]
public sealed class TransferTests(Site site, OtherServers servers) : IClassFixture<OtherServers>
{
    private const int Together = 6;

    private static readonly long[] _sizes = [0, 1, TestFile.Mebibyte];

    public static TheoryData<ServerProgram, ClientProgram, DataMode> Cases { get; } = [];

    static TransferTests()
    {
        var cases =
            from server in new[] { ServerProgram.ProFtpd, ServerProgram.PureFtpd, ServerProgram.Pyftpdlib }
            from client in new[] { ClientProgram.Curl, ClientProgram.Lftp }
            from mode in Enum.GetValues<DataMode>()
            where client != ClientProgram.Lftp || mode != DataMode.ExtendedActive // lftp says EPRT over IPv6 only
            select (server, client, mode);
        foreach (var (server, client, mode) in cases)
            Cases.Add(server, client, mode);
    }

    [ConfiningServersTheory]
    [MemberData(nameof(Cases))]
    public async Task A_client_sends_files_fetches_them_again_and_lists_them(ServerProgram server, ClientProgram client, DataMode mode)
    {
        var place = await servers.StartAsync(server);
        var program = FtpClient.Create(client, site.Hosts.Client);
        var name = $"{server}-{client}-{mode}";
        foreach (var size in _sizes)
        {
            var original = await TestFile.CreateAsync(site.ClientFiles.PathOf($"{name}-{size}"), size);
            var upload = (await program.UploadAsync(place.Entry, mode, original, $"files/{name}-{size}")).Succeeded();
            await TestFile.AssertSameAsync(original, place.Server.PathOf($"{name}-{size}"), upload);
            mode.AssertUsed(upload);

            var copy = $"{original}-back";
            var download = (await program.DownloadAsync(place.Entry, mode, $"files/{name}-{size}", copy)).Succeeded();
            await TestFile.AssertSameAsync(original, copy, download);
            mode.AssertUsed(download);
        }

        var list = (await program.ListAsync(place.Entry, mode, "files")).Succeeded();
        mode.AssertUsed(list);
        Assert.All(_sizes, size => Assert.Contains(list.Output, line =>
            line.EndsWith($"{name}-{size}", StringComparison.Ordinal) && line.Contains($" {size} ", StringComparison.Ordinal)));
    }

    [ConfiningServersFact]
    public async Task S4_pyftpdlib_serves_several_clients_at_once()
    {
        var place = await servers.StartAsync(ServerProgram.Pyftpdlib);
        var curl = new Curl(site.Hosts.Client);
        await Task.WhenAll(Enumerable.Range(0, Together).Select(async i =>
        {
            var original = await TestFile.CreateAsync(site.ClientFiles.PathOf($"together-{i}"), 4 * TestFile.Mebibyte);
            var copy = $"{original}-back";
            (await curl.UploadAsync(place.Entry, DataMode.ExtendedPassive, original, $"files/together-{i}")).Succeeded();
            var download = await curl.DownloadAsync(place.Entry, DataMode.Passive, $"files/together-{i}", copy);
            await TestFile.AssertSameAsync(original, copy, download.Succeeded());
        }));
    }
}
