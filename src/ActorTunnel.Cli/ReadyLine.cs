using System.Net;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Cli;

/// <summary>The line that says where a forward listens. Scripts wait for it, so its form is a promise.</summary>
internal static class ReadyLine
{
    private const int DefaultSshPort = 22;

    /// <summary>As in <c>ftp 127.0.0.1:2121 -> ftp.internal:21 through alice@ssh.example.com:2222</c>; port 22 is left out.</summary>
    public static string Of(ForwardOptions forward, IPEndPoint listener, TunnelProfile profile) =>
        $"{Word(forward.Kind)} {listener} -> {HostName.Bracketed(forward.Host)}:{forward.HostPort} through {Login(profile)}";

    /// <summary>As in <c>ftp localhost:2121 on alice@ssh.example.com -> ftp.internal:21</c>; <c>*</c> is every address.</summary>
    public static string Of(RemoteForwardOptions forward, int port, TunnelProfile profile)
    {
        var bind = forward.BindAddress.Length == 0 ? "*" : HostName.Bracketed(forward.BindAddress);
        return $"{Word(forward.Kind)} {bind}:{port} on {Login(profile)} -> {HostName.Bracketed(forward.Host)}:{forward.HostPort}";
    }

    private static string Word(ForwardKind kind) => kind == ForwardKind.Ftp ? "ftp" : "tcp";

    private static string Login(TunnelProfile profile) =>
        $"{profile.User}@{HostName.Bracketed(profile.Host)}{(profile.Port == DefaultSshPort ? "" : $":{profile.Port}")}";
}
