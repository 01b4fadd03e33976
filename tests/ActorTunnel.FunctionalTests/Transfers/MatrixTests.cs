using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Transfers;

/// <summary>Each client, in each mode that it has, over each family, through the tunnel.</summary>
[Collection(SharedSite.Name)]
public sealed class MatrixTests(Site site)
{
    public static TheoryData<ClientProgram, DataMode, bool> Modes => TransferCase.Modes;

    public static TheoryData<ClientProgram, DataMode, bool, long> ModesAndSizes => TransferCase.ModesAndSizes;

    [RealPartsTheory]
    [MemberData(nameof(Modes))]
    public async Task A_client_lists_a_folder(ClientProgram program, DataMode mode, bool ipv6)
    {
        var name = $"list-{Guid.NewGuid():N}";
        await TestFile.CreateAsync(site.Server(ipv6).PathOf(name), 12_345);

        var outcome = await FtpClient.Create(program, site.Hosts.Client).ListAsync(await site.EntryAsync(ipv6), mode, "files");

        outcome.Succeeded();
        mode.AssertUsed(outcome);
        Assert.Contains(
            outcome.Output,
            line => line.Contains(name, StringComparison.Ordinal) && line.Contains("12345", StringComparison.Ordinal));
    }

    [RealPartsTheory]
    [MemberData(nameof(ModesAndSizes))]
    public Task A_client_downloads_a_file(ClientProgram program, DataMode mode, bool ipv6, long size) =>
        new Transfer(site, ipv6, size).DownloadAsync(program, mode);

    [RealPartsTheory]
    [MemberData(nameof(ModesAndSizes))]
    public Task A_client_uploads_a_file(ClientProgram program, DataMode mode, bool ipv6, long size) =>
        new Transfer(site, ipv6, size).UploadAsync(program, mode);

    [RealPartsFact]
    public Task A_download_of_1_GiB_arrives_whole() =>
        new Transfer(site, ipv6: false, TestFile.Gibibyte).DownloadAsync(ClientProgram.Curl, DataMode.ExtendedPassive);

    [RealPartsFact]
    public Task An_upload_of_1_GiB_arrives_whole() =>
        new Transfer(site, ipv6: false, TestFile.Gibibyte).UploadAsync(ClientProgram.Curl, DataMode.ExtendedPassive);
}
