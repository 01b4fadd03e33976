using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Transfers;

/// <summary>The clients beside the FTP server, without a tunnel: when these fail, the fault is not the tunnel's.</summary>
[Collection(SharedSite.Name)]
public sealed class DirectTests(Site site)
{
    public static TheoryData<ClientProgram, DataMode, bool> Modes => TransferCase.Modes;

    [RealPartsTheory]
    [MemberData(nameof(Modes))]
    public async Task A_client_and_the_server_understand_each_other_without_a_tunnel(ClientProgram program, DataMode mode, bool ipv6)
    {
        var server = site.Server(ipv6);
        var client = FtpClient.Create(program, site.Hosts.Server);
        var name = $"direct-{Guid.NewGuid():N}";
        var there = server.PathOf(name);
        var original = await TestFile.CreateAsync(site.ClientFiles.PathOf(name), 100_000);

        var upload = await client.UploadAsync(server.EndPoint, mode, original, $"files/{name}");
        await TestFile.AssertSameAsync(original, there, upload);
        mode.AssertUsed(upload);
        var listing = (await client.ListAsync(server.EndPoint, mode, "files")).Succeeded();
        Assert.Contains(listing.Output, line => line.Contains(name, StringComparison.Ordinal));
        var back = site.ClientFiles.PathOf($"{name}-back");
        var download = (await client.DownloadAsync(server.EndPoint, mode, $"files/{name}", back)).Succeeded();
        await TestFile.AssertSameAsync(original, back, download);
    }
}
