using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Engine.Tests.Configuration;

public sealed class SocksUsersTests
{
    private static readonly SocksUsers _users = new([("alice", "wonder"u8.ToArray()), ("bob", "builder"u8.ToArray())]);

    [Theory]
    [InlineData("alice", "wonder", true)]
    [InlineData("bob", "builder", true)]
    [InlineData("alice", "builder", false)]
    [InlineData("alice", "wonde", false)]
    [InlineData("alice", "wonderl", false)]
    [InlineData("alice", "", false)]
    [InlineData("Alice", "wonder", false)]
    [InlineData("", "", false)]
    public void A_user_is_known_by_name_and_password(string user, string password, bool isKnown) =>
        Assert.Equal(isKnown, _users.Verify(user, System.Text.Encoding.ASCII.GetBytes(password)));

    [Theory]
    [InlineData("", 1)]
    [InlineData("alice", 0)]
    [InlineData("alice", 256)]
    public void What_no_login_can_carry_is_no_user(string user, int passwordLength) =>
        Assert.Throws<ArgumentException>(() => new SocksUsers([(user, new byte[passwordLength])]));

    [Fact]
    public void A_name_has_one_password() =>
        Assert.Throws<ArgumentException>(() => new SocksUsers([("alice", "a"u8.ToArray()), ("alice", "b"u8.ToArray())]));
}
