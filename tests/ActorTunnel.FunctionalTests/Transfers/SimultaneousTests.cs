using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Transfers;

/// <summary>Clients that share the tunnel do not disturb each other.</summary>
[Collection(SharedSite.Name)]
public sealed class SimultaneousTests(Site site)
{
    [RealPartsFact]
    public Task Two_clients_at_once_get_and_put_their_own_files() => Task.WhenAll(
        new Transfer(site, ipv6: false, 64 * TestFile.Mebibyte).DownloadAsync(ClientProgram.Curl, DataMode.Passive),
        new Transfer(site, ipv6: false, 64 * TestFile.Mebibyte).UploadAsync(ClientProgram.Lftp, DataMode.Active));

    [RealPartsFact]
    public async Task A_client_that_does_not_read_does_not_hold_up_another()
    {
        var name = $"stalled-{Guid.NewGuid():N}";
        await TestFile.CreateAsync(site.Ftp.PathOf(name), 64 * TestFile.Mebibyte);
        using var ftp = await RawFtp.LoginAsync(site.Hosts.Client, await site.EntryAsync());
        using var unread = await site.Hosts.Client.ConnectAsync(await ftp.ExtendedPassiveAsync());
        Assert.StartsWith("150", await ftp.CommandAsync($"RETR files/{name}"), StringComparison.Ordinal);

        await new Transfer(site, ipv6: false, 64 * TestFile.Mebibyte).DownloadAsync(ClientProgram.Curl, DataMode.ExtendedPassive);
    }
}
