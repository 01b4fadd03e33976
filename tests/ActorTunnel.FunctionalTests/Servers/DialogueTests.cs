using System.Net.Sockets;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Servers;

/// <summary>Commands and replies as these servers want them and say them.</summary>
[Collection(SharedSite.Name)]
public sealed class DialogueTests(OtherServers servers) : IClassFixture<OtherServers>
{
    private const int Times = 20;

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    public static TheoryData<ServerProgram> Servers { get; } = [.. Enum.GetValues<ServerProgram>()];

    /// <summary>ProFTPD 1.3.8 waits for ever when a segment ends between CR and LF.</summary>
    [ConfiningServersFact]
    public async Task S1_ProFTPD_gets_whole_lines_from_a_client_that_sends_them_byte_by_byte()
    {
        var place = await servers.StartAsync(ServerProgram.ProFtpd);
        using var ftp = await place.LoginAsync(byTunnel: true);
        for (var i = 0; i < Times; i++)
        {
            foreach (var letter in "NOOP\r\n"u8.ToArray())
                await ftp.SendAsync([letter]);
            Assert.StartsWith("200", await ftp.ReplyAsync(), StringComparison.Ordinal);
        }
    }

    /// <summary>What a server does not know or takes for a file's name is for its client to hear.</summary>
    [ConfiningServersTheory]
    [MemberData(nameof(Servers))]
    public async Task S6_MLSD_and_NLST_with_an_option_are_answered_as_without_the_tunnel(ServerProgram program)
    {
        var place = await servers.StartAsync(program);
        Assert.Equal(await AnswersAsync(place, byTunnel: false), await AnswersAsync(place, byTunnel: true));
    }

    [ConfiningServersFact]
    public async Task S6_vsftpd_knows_no_MLSD_and_pyftpdlib_no_option_of_NLST()
    {
        var vsftpd = await AnswersAsync(await servers.StartAsync(ServerProgram.Vsftpd), byTunnel: true);
        Assert.StartsWith("500", vsftpd[0], StringComparison.Ordinal);
        var pyftpdlib = await AnswersAsync(await servers.StartAsync(ServerProgram.Pyftpdlib), byTunnel: true);
        Assert.StartsWith("550", pyftpdlib[^1], StringComparison.Ordinal);
    }

    /// <summary>All replies to MLSD and to NLST -1, with a data connection for each.</summary>
    private static async Task<IReadOnlyList<string>> AnswersAsync(OtherServers.Place place, bool byTunnel)
    {
        using var ftp = await place.LoginAsync(byTunnel);
        List<string> replies = [];
        foreach (var command in new[] { "MLSD files", "NLST -1" })
        {
            using var data = await place.ConnectAsync(byTunnel, await ftp.ExtendedPassiveAsync());
            replies.Add(await ftp.CommandAsync(command));
            if (replies[^1].StartsWith('1'))
            {
                await using var listing = new NetworkStream(data);
                await listing.CopyToAsync(Stream.Null).WaitAsync(_limit);
                replies.Add(await ftp.ReplyAsync());
            }
        }

        return replies;
    }
}
