using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.SshConfig;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.SshConfig;

/// <summary>The hosts on the way to a server, each with the settings for its own name.</summary>
public sealed class WayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "a", "")]
    [InlineData("", "-J b a", "me@b:22")]
    [InlineData("", "-J x@b:23,c,ssh://y@[::1]:24 a", "x@b:23 me@c:22 y@::1:24")]
    // -p, -l and -o are for the destination.
    [InlineData("", "-p 9 -l bob -oHostName=z -J b a", "me@b:22")]
    [InlineData("Host b\nHostName gate\nPort 5\nUser g", "-J b a", "g@gate:5")]
    [InlineData("Host b\nPort 5\nUser g", "-J x@b:6 a", "x@b:6")]
    // A jump host has a way of its own, unless the list says which.
    [InlineData("Host a\nProxyJump b\nHost b\nProxyJump c\nHost c\nProxyJump d", "a", "me@d:22 me@c:22 me@b:22")]
    [InlineData("Host c\nProxyJump d", "-J b,c a", "me@b:22 me@c:22")]
    [InlineData("Host b\nProxyJump d", "-J b,c a", "me@d:22 me@b:22 me@c:22")]
    [InlineData("Host b\nProxyJump none\nHost *\nProxyJump b", "a", "me@b:22")]
    [InlineData("Host a\nProxyJump b", "-J none a", "")]
    public void The_way_is_that_of_ssh(string config, string arguments, string way) =>
        Assert.Equal(
            way,
            string.Join(' ', Way(config, arguments).Select(hop => $"{hop.User}@{hop.HostName}:{hop.Port}")));

    [Theory]
    [InlineData("Host *\nProxyJump b", "a", "ProxyJump leads in a circle: b is on the way to itself")]
    [InlineData("Host b\nProxyJump c\nHost c\nProxyJump b", "-J b a", "ProxyJump: more than 8 hosts on the way to a")]
    [InlineData("", "-J 1,2,3,4,5,6,7,8,9 a", "ProxyJump: more than 8 hosts on the way to a")]
    [InlineData("Host b\nPort x", "-J b a", "config:2: Port needs")]
    public void A_way_that_has_no_end_is_refused(string config, string arguments, string message) =>
        Assert.Contains(message, Assert.Throws<UsageException>(() => Way(config, arguments)).Message, StringComparison.Ordinal);

    private IReadOnlyList<SshSettings> Way(string config, string arguments)
    {
        var path = _folder.PathOf("config");
        File.WriteAllText(path, config);
        var user = LocalUser.Current with { Name = "me", Home = _folder.FullName };
        var parsed = ForwardArguments.Parse(["-G", .. arguments.Split(' ')]);
        var resolver = new SettingsResolver(user, ConfigSource.For(user, path), _ => { });
        return resolver.Way(resolver.Resolve(parsed.Host!, parsed.Settings));
    }
}
