using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Transfers;

/// <summary>One file that goes through the tunnel and must be the same on both sides; both copies are removed afterwards.</summary>
internal sealed class Transfer(Site site, bool ipv6, long size)
{
    private readonly string _name = $"transfer-{Guid.NewGuid():N}";

    public Task DownloadAsync(ClientProgram program, DataMode mode) => RunAsync(
        site.Server(ipv6).PathOf(_name),
        site.ClientFiles.PathOf(_name),
        async (_, there) => await FtpClient.Create(program, site.Hosts.Client)
            .DownloadAsync(await site.EntryAsync(ipv6), mode, $"files/{_name}", there),
        mode);

    public Task UploadAsync(ClientProgram program, DataMode mode) => RunAsync(
        site.ClientFiles.PathOf(_name),
        site.Server(ipv6).PathOf(_name),
        async (here, _) => await FtpClient.Create(program, site.Hosts.Client)
            .UploadAsync(await site.EntryAsync(ipv6), mode, here, $"files/{_name}"),
        mode);

    private async Task RunAsync(string from, string to, Func<string, string, Task<Outcome>> carryAsync, DataMode mode)
    {
        try
        {
            await TestFile.CreateAsync(from, size);
            var outcome = (await carryAsync(from, to)).Succeeded();
            mode.AssertUsed(outcome);
            await TestFile.AssertSameAsync(from, to, outcome);
        }
        finally
        {
            File.Delete(from);
            File.Delete(to);
        }
    }
}
