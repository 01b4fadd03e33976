using System.Net.Sockets;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Servers;

/// <summary>Downloads that the client gives up, with each server, by the tunnel and without it.</summary>
[Collection(SharedSite.Name)]
public sealed class AbortTests(OtherServers servers) : IClassFixture<OtherServers>
{
    private const byte InterpretAsCommand = 255;
    private const byte InterruptProcess = 244;
    private const byte DataMark = 242;

    private readonly string _name = $"abort-{Guid.NewGuid():N}";

    public static TheoryData<ServerProgram, bool> ByTunnelAndWithout { get; } = [];

    public static TheoryData<ServerProgram> Servers { get; } = [.. Enum.GetValues<ServerProgram>()];

    static AbortTests()
    {
        foreach (var server in Enum.GetValues<ServerProgram>())
        {
            ByTunnelAndWithout.Add(server, false);
            ByTunnelAndWithout.Add(server, true);
        }
    }

    /// <summary>As BSD clients do it (RFC 959, section 4.1.3; RFC 854): Telnet IP, then Synch as urgent data, then ABOR.</summary>
    [ConfiningServersTheory]
    [MemberData(nameof(ByTunnelAndWithout))]
    public async Task S2_ABOR_after_Telnet_IP_and_Synch_ends_a_download_and_the_session_goes_on(ServerProgram program, bool byTunnel)
    {
        var replies = await RepliesToAsync(program, byTunnel, async ftp =>
        {
            await ftp.SendUrgentAsync([InterpretAsCommand, InterruptProcess, InterpretAsCommand]);
            await ftp.SendAsync([DataMark, .. "ABOR\r\n"u8]);
        });

        Assert.StartsWith("200", replies[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(replies, reply => reply.StartsWith("500", StringComparison.Ordinal));
    }

    /// <summary>Python's ftplib.abort: its line feed is the urgent byte, which a server that does not expect it loses.</summary>
    [ConfiningServersTheory]
    [MemberData(nameof(Servers))]
    public async Task S2_ABOR_all_of_it_urgent_reaches_each_server_whole_by_the_tunnel(ServerProgram program)
    {
        var replies = await RepliesToAsync(program, byTunnel: true, ftp => ftp.SendUrgentAsync("ABOR\r\n"u8.ToArray()));

        Assert.StartsWith("200", replies[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(replies, reply => reply.StartsWith("500", StringComparison.Ordinal));
    }

    /// <summary>What the tunnel spares ProFTPD's clients: the next command is taken for the rest of that line.</summary>
    [ConfiningServersFact]
    public async Task S2_ABOR_all_of_it_urgent_is_garbled_at_ProFTPD_without_the_tunnel()
    {
        var replies = await RepliesToAsync(ServerProgram.ProFtpd, byTunnel: false, ftp => ftp.SendUrgentAsync("ABOR\r\n"u8.ToArray()));

        Assert.StartsWith("500", replies[^1], StringComparison.Ordinal);
    }

    /// <summary>It says 150 a second time, and neither 226 nor 426: no final reply in the sense of RFC 959, section 4.2.</summary>
    [ConfiningServersTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task S3_a_second_150_of_Pure_FTPd_for_a_download_closed_early_reaches_the_client_and_a_new_session_is_well(bool byTunnel)
    {
        var (place, small) = await PrepareAsync(ServerProgram.PureFtpd);
        using (var ftp = await place.LoginAsync(byTunnel))
        {
            await GiveUpAsync(place, byTunnel, ftp, _ => Task.CompletedTask);
            Assert.StartsWith("150", await ftp.ReplyAsync(), StringComparison.Ordinal);
        }

        using var again = await place.LoginAsync(byTunnel);
        await AssertDownloadsAsync(place, byTunnel, again, small);
    }

    private static async Task AssertDownloadsAsync(OtherServers.Place place, bool byTunnel, RawFtp ftp, string file)
    {
        using var data = await place.ConnectAsync(byTunnel, await ftp.ExtendedPassiveAsync());
        Assert.Equal(await File.ReadAllBytesAsync(file), await ftp.DownloadAsync($"files/{Path.GetFileName(file)}", data));
    }

    /// <summary>Begins a download of the big file and gives it up.</summary>
    private async Task GiveUpAsync(OtherServers.Place place, bool byTunnel, RawFtp ftp, Func<RawFtp, Task> sayAsync)
    {
        using var data = await place.ConnectAsync(byTunnel, await ftp.ExtendedPassiveAsync());
        Assert.StartsWith("1", await ftp.CommandAsync($"RETR files/{_name}"), StringComparison.Ordinal);
        Assert.NotEqual(0, await data.ReceiveAsync(new byte[1000], SocketFlags.None).WaitAsync(TimeSpan.FromSeconds(20)));
        await sayAsync(ftp);
    }

    /// <summary>The server with a big file and a small one.</summary>
    private async Task<(OtherServers.Place Place, string Small)> PrepareAsync(ServerProgram program)
    {
        var place = await servers.StartAsync(program);
        await TestFile.CreateAsync(place.Server.PathOf(_name), 64 * TestFile.Mebibyte);
        return (place, await TestFile.CreateAsync(place.Server.PathOf($"{_name}-small"), 4321));
    }

    /// <summary>Gives a download up and says NOOP; all replies until that one's. By the tunnel the same session then downloads.</summary>
    private async Task<IReadOnlyList<string>> RepliesToAsync(ServerProgram program, bool byTunnel, Func<RawFtp, Task> sayAsync)
    {
        var (place, small) = await PrepareAsync(program);
        using var ftp = await place.LoginAsync(byTunnel);
        await GiveUpAsync(place, byTunnel, ftp, sayAsync);
        List<string> replies = [await ftp.ReplyAsync()];
        await ftp.SendAsync("NOOP");
        while (replies[^1] is not "" && !replies[^1].StartsWith("200", StringComparison.Ordinal)
            && !replies[^1].StartsWith("500", StringComparison.Ordinal))
            replies.Add(await ftp.ReplyAsync());
        if (byTunnel)
            await AssertDownloadsAsync(place, byTunnel, ftp, small);
        return replies;
    }
}
