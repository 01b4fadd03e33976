using System.Net.Sockets;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Transfers;

/// <summary>ABOR in the middle of a transfer (RFC 959, section 4.1.3), and the same control connection afterwards.</summary>
[Collection(SharedSite.Name)]
public sealed class AbortTests(Site site)
{
    private readonly string _name = $"abort-{Guid.NewGuid():N}";

    /// <summary>A BSD client sends Telnet IP and Synch before ABOR, part of it as urgent data.</summary>
    [RealPartsTheory]
    [InlineData(DataMode.Passive)]
    [InlineData(DataMode.ExtendedActive)]
    public async Task After_an_interrupted_download_tnftp_goes_on_with_the_same_session(DataMode mode)
    {
        var small = await CreateBigAndSmallAsync();
        var begun = site.ClientFiles.PathOf($"{_name}-big");
        var copy = site.ClientFiles.PathOf($"{_name}-small");
        await using var client = await new Tnftp(site.Hosts.Client).StartAsync(await site.EntryAsync(), mode);

        await client.Input.WriteLineAsync("rate get 1000000");
        await client.Input.WriteLineAsync($"get files/{_name}-big {begun}");
        await Eventually.IsTrueAsync(() => new FileInfo(begun) is { Exists: true, Length: > 0 }, "the download has begun");
        await client.SignalAsync("INT");
        await client.Input.WriteLineAsync("rate get 0");
        await client.Input.WriteLineAsync($"get files/{_name}-small {copy}");
        await client.Input.WriteLineAsync("quit");
        var outcome = await client.ToEndAsync(TimeSpan.FromMinutes(1));

        await TestFile.AssertSameAsync(small, copy, outcome);
        Assert.True(new FileInfo(begun).Length < 64 * TestFile.Mebibyte, outcome.ToString());
        Assert.Single(outcome.Output, line => line.StartsWith("220", StringComparison.Ordinal));
    }

    [RealPartsFact]
    public async Task After_a_plain_ABOR_the_same_session_downloads_another_file()
    {
        var small = await CreateBigAndSmallAsync();
        using var ftp = await RawFtp.LoginAsync(site.Hosts.Client, await site.EntryAsync());

        using (var data = await site.Hosts.Client.ConnectAsync(await ftp.ExtendedPassiveAsync()))
        {
            Assert.StartsWith("150", await ftp.CommandAsync($"RETR files/{_name}-big"), StringComparison.Ordinal);
            Assert.NotEqual(0, await data.ReceiveAsync(new byte[1000], SocketFlags.None).WaitAsync(TimeSpan.FromSeconds(20)));
            await ftp.SendAsync("ABOR");
        }

        // 426 for the transfer, then 225 or 226 for ABOR.
        Assert.StartsWith("426", await ftp.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("22", await ftp.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllBytesAsync(small), await ftp.DownloadAsync($"files/{_name}-small"));
        Assert.StartsWith("221", await ftp.CommandAsync("QUIT"), StringComparison.Ordinal);
    }

    private async Task<string> CreateBigAndSmallAsync()
    {
        await TestFile.CreateAsync(site.Ftp.PathOf($"{_name}-big"), 64 * TestFile.Mebibyte);
        return await TestFile.CreateAsync(site.Ftp.PathOf($"{_name}-small"), 4321);
    }
}
