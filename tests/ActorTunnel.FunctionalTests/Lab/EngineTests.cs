using System.Net;
using ActorTunnel.Engine;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.FunctionalTests.Fixtures;
using ActorTunnel.Lab.Ftp;
using ActorTunnel.Lab.Ftp.Client;
using ActorTunnel.Lab.Ftp.Storage;
using ActorTunnel.Lab.Ssh;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTunnel.FunctionalTests.Lab;

/// <summary>The engine as embedders see it, between the servers of the lab.</summary>
public sealed class EngineTests
{
    [Fact]
    public async Task A_session_is_in_the_directory_from_its_start_to_its_end()
    {
        await using var ftp = LabServer.Start(new GeneratedStorage(TimeProvider.System));
        using var hostKey = PrivateKey.Generate("ssh-ed25519");
        await using var ssh = SshHost.Start(
            new SshHostOptions { HostKey = hostKey, Passwords = new Dictionary<string, string> { ["alice"] = "secret" } },
            NullLogger.Instance);
        var profile = new TunnelProfile
        {
            Host = ssh.EndPoint.Address.ToString(),
            Port = ssh.EndPoint.Port,
            User = "alice",
            Credentials = [new PasswordCredential((_, _) => new("secret"u8.ToArray()))],
            HostKeys = new PinnedHostKeys(hostKey.PublicKey),
        };
        await using var engine = new TunnelEngine(NullLoggerFactory.Instance, TimeProvider.System);
        var entries = await engine.ForwardAsync(
            new ForwardOptions { Kind = ForwardKind.Ftp, ListenPort = 0, Host = "127.0.0.1", HostPort = ftp.EndPoint.Port },
            profile,
            CancellationToken.None);
        Assert.Empty(await engine.GetSessionsAsync(CancellationToken.None));

        var options = new FtpClientOptions
        {
            Server = entries[0], User = LabServer.User, Password = LabServer.Password, Mode = DataMode.Passive,
        };
        await using (var client = await FtpClient.ConnectAsync(options, CancellationToken.None))
        {
            var session = Assert.Single(await engine.GetSessionsAsync(CancellationToken.None));
            Assert.Equal(
                (ForwardKind.Ftp, IPAddress.Loopback, ftp.EndPoint.ToString()),
                (session.Kind, session.Client.Address, session.Target));
        }

        await Eventually.IsTrueAsync(
            async () => (await engine.GetSessionsAsync(CancellationToken.None)).Count == 0, "the session has left the directory");
    }
}
