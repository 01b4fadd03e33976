using System.Net;
using System.Security.Cryptography;
using System.Text;
using ActorTunnel.Engine;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Lab.Ftp.Server;
using ActorTunnel.Lab.Ftp.Storage;
using ActorTunnel.Lab.Ssh;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Lab.Demo;

/// <summary>
/// Everything the demo needs, on loopback: an FTP server, an SSH server that reaches it, and the tunnel engine between them and an FTP
/// client. Keys and passwords are made for this run and never leave the process.
/// </summary>
internal sealed class DemoSite : IAsyncDisposable
{
    private const string User = "demo";

    private readonly PrivateKey _hostKey;
    private readonly SshHost _ssh;
    private readonly FtpServer _ftp;
    private readonly TunnelEngine _engine;

    private DemoSite(PrivateKey hostKey, SshHost ssh, FtpServer ftp, TunnelEngine engine, DemoRun run, IPEndPoint entry)
    {
        _hostKey = hostKey;
        _ssh = ssh;
        _ftp = ftp;
        _engine = engine;
        Run = run;
        Entry = entry;
    }

    /// <summary>The transfers to be made.</summary>
    public DemoRun Run { get; }

    /// <summary>Where FTP clients connect.</summary>
    public IPEndPoint Entry { get; }

    public IPEndPoint SshServer => _ssh.EndPoint;

    public IPEndPoint FtpServer => _ftp.EndPoints[0];

    public static async Task<DemoSite> StartAsync(ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken)
    {
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var storage = new GeneratedStorage(time);
        var ftp = Ftp.Server.FtpServer.Start(new FtpServerOptions
        {
            EndPoints = [new IPEndPoint(IPAddress.Loopback, 0)],
            Users = new Dictionary<string, string> { [User] = password },
            Storage = storage,
        });
        var hostKey = PrivateKey.Generate("ssh-ed25519");
        var ssh = SshHost.Start(
            new SshHostOptions { HostKey = hostKey, Passwords = new Dictionary<string, string> { [User] = password } },
            loggers.CreateLogger<SshHost>());
        var profile = Profile(ssh.EndPoint, hostKey.PublicKey, password);
        var engine = new TunnelEngine(loggers, time);
        await engine.ConnectAsync(profile, cancellationToken);
        var entries = await engine.ForwardAsync(
            new ForwardOptions
            {
                Kind = ForwardKind.Ftp,
                ListenAddresses = [IPAddress.Loopback],
                ListenPort = 0,
                Host = ftp.EndPoints[0].Address.ToString(),
                HostPort = ftp.EndPoints[0].Port,
            },
            profile,
            cancellationToken);
        return new DemoSite(hostKey, ssh, ftp, engine, new DemoRun(entries[0], User, password, storage), entries[0]);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.StopAsync(TimeSpan.Zero);
        await _ssh.DisposeAsync();
        await _ftp.DisposeAsync();
        _hostKey.Dispose();
    }

    private static TunnelProfile Profile(IPEndPoint ssh, PublicKey hostKey, string password) => new()
    {
        Host = ssh.Address.ToString(),
        Port = ssh.Port,
        User = User,
        Credentials = [new PasswordCredential(new Secret(Encoding.UTF8.GetBytes(password)))],
        HostKeys = new PinnedHostKeys(hostKey),
    };
}
