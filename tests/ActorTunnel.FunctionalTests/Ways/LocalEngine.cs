using System.Net;
using ActorTunnel.Engine;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.FunctionalTests.Fixtures;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTunnel.FunctionalTests.Ways;

/// <summary>An engine in this process: profiles that no command line has to express.</summary>
internal static class LocalEngine
{
    public static TunnelEngine Create() => new(NullLoggerFactory.Instance, TimeProvider.System);

    /// <summary>How to log in to that server; from this machine unless another way is added.</summary>
    public static TunnelProfile ProfileOf(SshdServer server)
    {
        var userKey = KeyFile.Parse(server.UserKey, File.ReadAllBytes(server.UserKey));
        return new TunnelProfile
        {
            Host = server.EndPoint.Address.ToString(),
            Port = server.EndPoint.Port,
            User = System.Environment.UserName,
            Credentials = [new PublicKeyCredential(PublicKey.ParseLine(File.ReadAllText($"{server.UserKey}.pub")), SignAsync)],
            HostKeys = new PinnedHostKeys(PublicKey.ParseLine(File.ReadAllText(server.KnownHosts).Split(' ', 2)[1])),
        };

        ValueTask<byte[]> SignAsync(string algorithm, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            using var key = userKey.Open([], cancellationToken);
            return new(key.Sign(algorithm, data.Span));
        }
    }

    /// <summary>An FTP entry on a free port of this machine, through this SSH server.</summary>
    public static async Task<IPEndPoint> ForwardFtpAsync(
        this TunnelEngine engine, VsftpdServer ftp, TunnelProfile through, FtpOptions? options = null) =>
        Assert.Single(await engine.ForwardAsync(To(ftp, options ?? new()), through, CancellationToken.None));

    private static ForwardOptions To(VsftpdServer ftp, FtpOptions options) => new()
    {
        Kind = ForwardKind.Ftp,
        ListenAddresses = [IPAddress.Loopback],
        ListenPort = 0,
        Host = ftp.EndPoint.Address.ToString(),
        HostPort = ftp.EndPoint.Port,
        Ftp = options,
    };
}
