using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary>What clients may not do is answered in its turn, and the server hears nothing of it.</summary>
public class RestrictionTests
{
    private static readonly FtpOptions _strict = new()
    {
        Restrictions = new() { ReadOnly = true, DeniedCommands = new HashSet<string> { "MLSD" } },
    };

    [Fact]
    public async Task Refusals_come_in_the_order_of_the_commands_and_the_others_go_to_the_server()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _strict);

        await ftp.Client.SendAsync("PWD\r\nDELE a\r\nSIZE a\r\nSITE CHMOD 777 a\r\nMLSD\r\n\"DELE\" a\r\nNOOP");

        await ftp.Server.ExpectAsync("PWD");
        await ftp.Server.SayAsync("257 \"/\"");
        await ftp.Client.ExpectAsync(257);
        await ftp.Client.ExpectAsync(550);
        await ftp.Server.ExpectAsync("SIZE a");
        await ftp.Server.SayAsync("213 5");
        await ftp.Client.ExpectAsync(213);
        await ftp.Client.ExpectAsync(550);
        await ftp.Client.ExpectAsync(502);
        await ftp.Client.ExpectAsync(500);
        await ftp.Server.ExpectAsync("NOOP");
        await ftp.Server.SayAsync("200 ok");
        await ftp.Client.ExpectAsync("200 ok");
    }

    [Fact]
    public async Task An_upload_that_is_refused_leaves_its_data_connection_for_the_next_transfer()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _strict);
        var (far, endPoint) = await ftp.PassiveAsync();
        await ftp.Client.SendAsync("STOR a");
        await ftp.Client.ExpectAsync(550);

        using var data = await DataSocket.ConnectAsync(endPoint);
        await ftp.ExchangeAsync("RETR a", "150 here");
        await far.SendAsync("abc"u8.ToArray());
        far.Close();
        await ftp.Server.SayAsync("226 done");

        Assert.Equal("abc"u8.ToArray(), await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
    }

    [Fact]
    public async Task FEAT_names_nothing_that_is_refused()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _strict);
        await ftp.Client.SendAsync("FEAT");
        await ftp.Server.ExpectAsync("FEAT");

        await ftp.Server.SayAsync("211-Features:\r\n MDTM\r\n MFMT\r\n MLSD\r\n SITE CHMOD\r\n SIZE\r\n211 End");

        foreach (var line in new[] { "211-Features:", " MDTM", " SIZE", "211 End" })
            await ftp.Client.ExpectAsync(line);
    }
}
