using System.Net;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;
using Xunit.Abstractions;

namespace ActorTunnel.FunctionalTests.Forwarding;

/// <summary>Whose a data connection must be, and how fast it may be.</summary>
[Collection(SharedSite.Name)]
public sealed class DataPeerTests(Site site, ITestOutputHelper output)
{
    private const string Nobody = "65534";
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);

    private readonly string _name = $"peer-{Guid.NewGuid():N}";

    [AccountsTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_data_connection_of_another_user_of_this_machine_gets_nothing_and_the_clients_own_gets_the_file(bool ipv6)
    {
        var original = await TestFile.CreateAsync(site.Server(ipv6).PathOf(_name), 100_000);
        var entry = ActorTunnelProcess.NewEntry(site.Hosts, ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback);
        await using var tunnel = await ActorTunnelProcess.StartAsync(
            site.Hosts.Client, site.Ssh, ["-o", "DataPeerUid=yes"], Forward.Ftp(entry, site.Server(ipv6).EndPoint));
        using var ftp = await RawFtp.LoginAsync(site.Hosts.Client, entry);
        var listener = await ftp.ExtendedPassiveAsync();

        var stranger = await site.Hosts.Client
            .By("setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups")
            .RunAsync(_limit, "bash", "-c", $"exec 3<>/dev/tcp/{listener.Address}/{listener.Port}; cat <&3");

        Assert.Empty(stranger.Output);
        await tunnel.SaysAsync(line => line.Contains($"it is of user {Nobody}", StringComparison.Ordinal), "who was refused");
        Assert.Equal(await File.ReadAllBytesAsync(original), await ftp.DownloadAsync($"files/{_name}"));
    }

    /// <summary>How fast it was is told and not judged: other work on this machine has its part in it.</summary>
    [RealPartsFact]
    public async Task A_transfer_with_a_rate_is_carried_unchanged_both_ways()
    {
        var original = await TestFile.CreateAsync(site.Ftp.PathOf(_name), 2 * TestFile.Mebibyte);
        var copy = site.ClientFiles.PathOf(_name);
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);
        await using var tunnel = await ActorTunnelProcess.StartAsync(
            site.Hosts.Client, site.Ssh, ["-o", "TransferRate=1M"], Forward.Ftp(entry, site.Ftp.EndPoint));
        var curl = new Curl(site.Hosts.Client) { Options = ["-w", "%{speed_download} down, %{speed_upload} up\\n"] };

        var down = (await curl.DownloadAsync(entry, DataMode.ExtendedPassive, $"files/{_name}", copy)).Succeeded();
        await TestFile.AssertSameAsync(original, copy, down);
        var up = (await curl.UploadAsync(entry, DataMode.ExtendedPassive, copy, $"files/{_name}-back")).Succeeded();
        await TestFile.AssertSameAsync(original, site.Ftp.PathOf($"{_name}-back"), up);

        output.WriteLine(string.Join(System.Environment.NewLine, down.Output.Concat(up.Output)));
    }
}
