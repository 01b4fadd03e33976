using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Ssh.Keys;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.FunctionalTests.CommandLine;

public sealed class DestinationTests
{
    [Theory]
    [InlineData("host", null, "host", null)]
    [InlineData("alice@host", "alice", "host", null)]
    [InlineData("alice@mail.example@host", "alice@mail.example", "host", null)]
    [InlineData("alice@::1", "alice", "::1", null)]
    [InlineData("alice@[::1]", "alice", "::1", null)]
    [InlineData("ssh://host", null, "host", null)]
    [InlineData("SSH://host/", null, "host", null)]
    [InlineData("ssh://alice@host:2222", "alice", "host", 2222)]
    [InlineData("ssh://alice@[::1]:2222", "alice", "::1", 2222)]
    [InlineData("ssh://alice@[::1]", "alice", "::1", null)]
    [InlineData("ssh://al%40ice@host", "al@ice", "host", null)]
    public void A_destination_is_read(string text, string? user, string host, int? port) =>
        Assert.Equal(new Destination(user, host, port), Destination.Parse(text));

    [Theory]
    [InlineData("", "that is no host name")]
    [InlineData("alice@", "that is no host name")]
    [InlineData("@host", "the user name before @ is missing or has control characters")]
    [InlineData("ssh://%00@host", "the user name before @ is missing or has control characters")]
    [InlineData("host:2222", "the port is given with -p")]
    [InlineData("[::1]:2222", "the port is given with -p")]
    [InlineData("ssh://host:0", "the port is not from 1 to 65535")]
    [InlineData("ssh://host:ftp", "the port is not from 1 to 65535")]
    [InlineData("ssh://::1", "an IPv6 address stands in [brackets]")]
    [InlineData("ssh://host/path", "that is no host name")]
    [InlineData("a b", "that is no host name")]
    [InlineData("*.example.com", "that is no host name")]
    [InlineData("a,b", "that is no host name")]
    [InlineData("|1|hash", "that is no host name")]
    public void What_is_wrong_is_said_with_the_right_form(string text, string why) =>
        Assert.Equal(
            $"'{text}': {why}; write [user@]host or ssh://[user@]host[:port]",
            Assert.Throws<UsageException>(() => Destination.Parse(text)).Message);

    [Fact]
    public void No_text_throws_anything_but_a_usage_error()
    {
        var pieces = Gen.Elements("ssh://", "@", ":", "[", "]", "::1", "host", "%", "%00", "22", "/", " ", "\n", "*", ",", "#", "!");
        Prop.ForAll(pieces.ListOf().Select(list => string.Concat(list)).ToArbitrary(), Check).Check(Seeded.Cases);
        Prop.ForAll<NonNull<string>>(text => Check(text.Get)).Check(Seeded.Cases);

        static void Check(string text)
        {
            try
            {
                var destination = Destination.Parse(text);
                Assert.NotEmpty(destination.Host);
                Assert.NotEqual("", destination.User);
                _ = new KnownHostsPolicy(new KnownHostsOptions { Host = destination.Host, Files = [] });
            }
            catch (UsageException exception)
            {
                Assert.DoesNotContain(exception.Message, char.IsControl);
            }
        }
    }
}
