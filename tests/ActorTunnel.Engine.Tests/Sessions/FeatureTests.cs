using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary>FEAT, and what clients ask for because of it (RFC 2389, RFC 2640).</summary>
public sealed class FeatureTests
{
    private const string Features =
        "211-Features:\r\n AUTH TLS\r\n PBSZ\r\n PROT\r\n CCC\r\n EPRT\r\n EPSV\r\n LPRT\r\n LPSV\r\n SPSV\r\n CPSV\r\n SSCN\r\n MODE Z\r\n" +
        " UTF8\r\n211 End";

    [Fact]
    public async Task B17_FEAT_does_not_tell_what_the_tunnel_refuses()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync("FEAT");
        await ftp.Server.ExpectAsync("FEAT");
        await ftp.Server.SayAsync(Features);
        foreach (var line in new[] { "211-Features:", " EPRT", " EPSV", " MODE Z", " UTF8", "211 End" })
            await ftp.Client.ExpectAsync(line);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task B17_FEAT_tells_of_TLS_when_it_is_passed_on()
    {
        await using var ftp = await FtpScenario.StartAsync(options: new() { AuthTls = AuthTls.Transparent });
        await ftp.Client.SendAsync("FEAT");
        await ftp.Server.ExpectAsync("FEAT");
        await ftp.Server.SayAsync(Features);
        foreach (var line in new[] { "211-Features:", " AUTH TLS", " PBSZ", " PROT", " CCC", " EPRT", " EPSV", " MODE Z", " UTF8", "211 End" })
            await ftp.Client.ExpectAsync(line);
    }

    [Theory]
    [InlineData("FEAT", "211 no features")]
    [InlineData("FEAT", "500 What?")]
    [InlineData("OPTS UTF8 ON", "200 on")]
    [InlineData("OPTS MLST type;size;", "200 MLST OPTS type;size;")]
    [InlineData("LANG de", "200 Deutsch")]
    [InlineData("CLNT \u00e4", "200 noted")]
    [InlineData("MKD \u00e4\u00ff\u0080 ", "257 \"\u00e4\u00ff\u0080 \" made")]
    public async Task B17_whatever_else_has_to_do_with_names_passes_byte_for_byte(string command, string reply)
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync(command, reply);
        await ftp.ExpectToWorkAsync();
    }
}
