using System.Runtime.Versioning;
using ActorTunnel.Cli.Daemon;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Daemon;

[UnsupportedOSPlatform("windows")]
public sealed class SocksUsersFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();
    private readonly KeyedHash _hash = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_are_users_and_their_passwords_may_have_colons_and_blanks()
    {
        var (users, _) = Read("# the hub\r\n\nalice:se:cret \r\nbob: x\n");

        Assert.True(users.Verify("alice", "se:cret "u8));
        Assert.True(users.Verify("bob", " x"u8));
        Assert.False(users.Verify("bob", "x"u8));
        Assert.False(users.Verify("# the hub", ""u8));
    }

    [Fact]
    public void A_change_of_a_password_changes_the_stamp_and_nothing_else_does()
    {
        var first = Read("alice:one\n").Stamp;

        Assert.Equal(first, Read("alice:one\n").Stamp);
        Assert.NotEqual(first, Read("alice:two\n").Stamp);
    }

    [Theory]
    [InlineData("alice:topsecret\nbobtopsecret\n", ", line 2: write USER:PASSWORD")]
    [InlineData("alice:\n", ", line 1: write USER:PASSWORD")]
    [InlineData(":topsecret\n", ", line 1: write USER:PASSWORD")]
    [InlineData("alice:topsecret\n\nalice:topsecret\n", ", line 3: the user alice stands there twice")]
    [InlineData("# nobody\n", " has no user in it")]
    public void What_is_wrong_is_told_by_its_line_and_without_passwords(string content, string message)
    {
        var exception = Assert.Throws<TunnelException>(() => Read(content));

        Assert.Equal(Failure.Configuration, exception.Failure);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_others_can_read_is_refused()
    {
        var exception = Assert.Throws<TunnelException>(() => Read("alice:one\n", OwnerOnly | UnixFileMode.GroupRead));

        Assert.Contains("is open to others (mode 0640)", exception.Message, StringComparison.Ordinal);
    }

    private (Engine.Configuration.SocksUsers Users, string Stamp) Read(string content, UnixFileMode mode = OwnerOnly)
    {
        var path = _folder.PathOf("users");
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, mode);
        return SocksUsersFile.Read(path, _hash);
    }
}
