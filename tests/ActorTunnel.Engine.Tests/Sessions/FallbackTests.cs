using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary>A session whose rule allows it goes on without SSH when no SSH server has said anything; and never otherwise.</summary>
public class FallbackTests
{
    private static readonly TunnelFailed _away = new(Failure.ConnectionRefused, "Connection to ssh.example.com port 22 was refused.")
    {
        IsWithoutConnection = true,
    };

    [Fact]
    public async Task An_FTP_session_goes_on_with_its_data_and_the_log_says_so()
    {
        await using var ftp = new DirectScenario(_away);
        await ftp.NewSessionAsync(
            ForwardKind.Ftp,
            target => target with
            {
                Profile = FtpScenario.Profile with { Pool = new() { ConnectionsPerIdentity = 2 } }, FallbackToPlain = true,
            });
        await ftp.GreetAsync();
        var (client, server) = await ftp.BeginAsync("RETR file");
        await server.SendAsync("abc"u8.ToArray());
        server.Dispose();
        await ftp.Server.SendAsync("226 done");

        Assert.Equal("abc"u8.ToArray(), await client.ReadToFinAsync());
        await ftp.Ftp.ExpectAsync("226 done");
        Assert.StartsWith(
            $"s1 goes on to 127.0.0.1:{ftp.Port} without SSH, as its rule allows: {_away.Message}",
            Assert.Single(ftp.Log.Lines, line => line.Contains("without SSH", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_connection_goes_on_and_the_log_says_so()
    {
        await using var plain = new DirectScenario(_away);
        await plain.NewSessionAsync(
            ForwardKind.Tcp, target => target with { Profile = FtpScenario.Profile, FallbackToPlain = true });
        var server = await plain.AcceptAsync();
        await server.SendAsync("abc"u8.ToArray());

        Assert.Equal("abc"u8.ToArray(), await plain.Client.ReadAsync(3));
        Assert.Single(plain.Log.Lines, line => line.Contains("without SSH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Nothing_falls_back_without_its_rule_s_word_or_after_the_server_has_spoken(bool isWithout, bool isAllowed)
    {
        await using var ftp = new DirectScenario(_away with { IsWithoutConnection = isWithout });
        await ftp.NewSessionAsync(
            ForwardKind.Ftp, target => target with { Profile = FtpScenario.Profile, FallbackToPlain = isAllowed });

        await ftp.Ftp.ExpectAsync(421);
        await ftp.Ftp.ExpectEndAsync();
        await ftp.UntilNoSessionAsync();
        Assert.DoesNotContain(ftp.Log.Lines, line => line.Contains("without SSH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ForwardKind.Ftp)]
    [InlineData(ForwardKind.Tcp)]
    public async Task What_fails_without_SSH_too_has_failed(ForwardKind kind)
    {
        await using var ftp = new DirectScenario(_away);
        await ftp.NewSessionAsync(
            kind, target => target with { Port = 1, Profile = FtpScenario.Profile, FallbackToPlain = true });

        await Patience.UntilAsync(() => ftp.Log.Lines.Any(line => line.StartsWith("s1 ended: refused", StringComparison.Ordinal)), "its end");

        Assert.Single(ftp.Log.Lines, line => line.Contains("without SSH", StringComparison.Ordinal));
    }
}
