using System.Net;
using ActorTunnel.Cli;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.FunctionalTests.CommandLine;

public sealed class ReadyLineTests
{
    [Theory]
    [InlineData(ForwardKind.Ftp, "127.0.0.1:2121", "ftp.internal", "ssh.example.com", 22,
        "ftp 127.0.0.1:2121 -> ftp.internal:21 through alice@ssh.example.com")]
    [InlineData(ForwardKind.Tcp, "[::1]:2121", "2001:db8::1", "ssh.example.com", 2222,
        "tcp [::1]:2121 -> [2001:db8::1]:21 through alice@ssh.example.com:2222")]
    [InlineData(ForwardKind.Ftp, "0.0.0.0:2121", "h", "::1", 2222, "ftp 0.0.0.0:2121 -> h:21 through alice@[::1]:2222")]
    public void The_line_has_the_form_that_scripts_wait_for(
        ForwardKind kind, string listener, string host, string server, int port, string line)
    {
        var forward = new ForwardOptions { Kind = kind, ListenPort = 0, Host = host, HostPort = 21 };
        var profile = new TunnelProfile { Host = server, Port = port, User = "alice", Credentials = [], HostKeys = new NoPolicy() };

        Assert.Equal(line, ReadyLine.Of(forward, IPEndPoint.Parse(listener), profile));
    }

    [Theory]
    [InlineData("localhost", 22, "ftp localhost:40001 on alice@ssh.example.com -> h:21")]
    [InlineData("", 2222, "ftp *:40001 on alice@ssh.example.com:2222 -> h:21")]
    [InlineData("::1", 22, "ftp [::1]:40001 on alice@ssh.example.com -> h:21")]
    public void The_line_of_a_remote_forward_names_the_port_that_was_chosen(string bind, int sshPort, string line)
    {
        var forward = new RemoteForwardOptions { Kind = ForwardKind.Ftp, BindAddress = bind, ListenPort = 0, Host = "h", HostPort = 21 };
        var profile = new TunnelProfile
        {
            Host = "ssh.example.com", Port = sshPort, User = "alice", Credentials = [], HostKeys = new NoPolicy(),
        };

        Assert.Equal(line, ReadyLine.Of(forward, 40001, profile));
    }

    [Fact]
    public void Every_failure_has_an_exit_code_of_its_own_that_a_shell_can_see()
    {
        var codes = Enum.GetValues<Failure>().Select(failure => failure.ExitCode()).ToList();

        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.All(codes, code => Assert.InRange(code, 0, 255));
        Assert.Equal(0, Failure.None.ExitCode());
    }

    private sealed class NoPolicy : IHostKeyPolicy
    {
        public IReadOnlyList<string> KnownKeyTypes => [];

        public ValueTask CheckAsync(PublicKey key, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
