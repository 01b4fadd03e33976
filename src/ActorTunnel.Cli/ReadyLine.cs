using System.Net;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Cli;

/// <summary>The line that says where a forward listens. Scripts wait for it, so its form is a promise.</summary>
internal static class ReadyLine
{
    private const int DefaultSshPort = 22;

    /// <summary>As in <c>ftp 127.0.0.1:2121 -> ftp.internal:21 through alice@ssh.example.com:2222</c>; port 22 is left out.</summary>
    public static string Of(ForwardOptions forward, IPEndPoint listener, TunnelProfile profile)
    {
        var kind = forward.Kind == ForwardKind.Ftp ? "ftp" : "tcp";
        var port = profile.Port == DefaultSshPort ? "" : $":{profile.Port}";
        return $"{kind} {listener} -> {HostName.Bracketed(forward.Host)}:{forward.HostPort}"
            + $" through {profile.User}@{HostName.Bracketed(profile.Host)}{port}";
    }
}
