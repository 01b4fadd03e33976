using System.Net;
using System.Net.Sockets;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Engine.Configuration;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.FunctionalTests.CommandLine;

public sealed class ForwardSpecificationTests
{
    private const string Loopback = "127.0.0.1 ::1";
    private const string Everybody = "0.0.0.0 ::";

    [Theory]
    [InlineData("2121:ftp.internal:21", "Tcp", Loopback, 2121, "ftp.internal", 21)]
    [InlineData("tcp/2121:ftp.internal:21", "Tcp", Loopback, 2121, "ftp.internal", 21)]
    [InlineData("ftp/2121:ftp.internal:21", "Ftp", Loopback, 2121, "ftp.internal", 21)]
    [InlineData("FTP/2121:h:21", "Ftp", Loopback, 2121, "h", 21)]
    [InlineData("ftp/127.0.0.2:2121:h:21", "Ftp", "127.0.0.2", 2121, "h", 21)]
    [InlineData("ftp/[::1]:2121:[2001:db8::1]:21", "Ftp", "::1", 2121, "2001:db8::1", 21)]
    [InlineData("[127.0.0.1]:2121:[h]:21", "Tcp", "127.0.0.1", 2121, "h", 21)]
    [InlineData("[::]:2121:h:21", "Tcp", "::", 2121, "h", 21)]
    [InlineData("localhost:2121:h:21", "Tcp", Loopback, 2121, "h", 21)]
    [InlineData("*:2121:h:21", "Tcp", Everybody, 2121, "h", 21)]
    [InlineData(":2121:h:21", "Tcp", Everybody, 2121, "h", 21)]
    [InlineData("[]:2121:h:21", "Tcp", Everybody, 2121, "h", 21)]
    [InlineData("ftp/:2121:h:21", "Ftp", Everybody, 2121, "h", 21)]
    [InlineData("0:h:65535", "Tcp", Loopback, 0, "h", 65535)]
    public void A_forward_is_read(string text, string kind, string addresses, int port, string host, int hostPort)
    {
        var options = ForwardSpecification.Parse(text).ToOptions(false, AddressFamily.Unspecified, new FtpOptions());

        Assert.Equal(Enum.Parse<ForwardKind>(kind), options.Kind);
        Assert.Equal(addresses.Split(' ').Select(IPAddress.Parse), options.ListenAddresses);
        Assert.Equal((port, host, hostPort), (options.ListenPort, options.Host, options.HostPort));
    }

    [Theory]
    [InlineData("", "fields are missing")]
    [InlineData("2121", "fields are missing")]
    [InlineData("2121:h", "fields are missing")]
    [InlineData("::1:2121:h:21", "an IPv6 address stands in [brackets]")]
    [InlineData("2121:2001:db8::1:21", "an IPv6 address stands in [brackets]")]
    [InlineData("[::1:2121:h:21", "a [ has no ] with a colon behind it")]
    [InlineData("[::1]2121:h:21", "a [ has no ] with a colon behind it")]
    [InlineData("sftp/2121:h:21", "'sftp' cannot be forwarded; ftp/ and tcp/ can")]
    [InlineData("70000:h:21", "'70000' is no port to listen on")]
    [InlineData("-1:h:21", "'-1' is no port to listen on")]
    [InlineData("+1:h:21", "'+1' is no port to listen on")]
    [InlineData("ftp:h:21", "'ftp' is no port to listen on")]
    [InlineData("2121:h:0", "'0' is no port to forward to")]
    [InlineData("2121:h:", "'' is no port to forward to")]
    [InlineData("2121::21", "the host to forward to is missing or has spaces in it")]
    [InlineData("2121:h h:21", "the host to forward to is missing or has spaces in it")]
    [InlineData("8080:2121:h:21", "'8080' is no address to listen on; give an IP address, localhost or *")]
    [InlineData("0x7f.1:2121:h:21", "'0x7f.1' is no address to listen on; give an IP address, localhost or *")]
    [InlineData("myhost:2121:h:21", "'myhost' is no address to listen on; give an IP address, localhost or *")]
    public void What_is_wrong_is_said_with_the_right_form(string text, string why) =>
        Assert.Equal(
            $"-L '{text}': {why}; write [ftp/|tcp/][bind-address:]port:host:hostport",
            Assert.Throws<UsageException>(() => ForwardSpecification.Parse(text)).Message);

    [Theory]
    [InlineData("/tmp/a:/tmp/b")]
    [InlineData("2121:/tmp/b")]
    [InlineData("/tmp/a:h:21")]
    [InlineData("tcp//tmp/a:h:21")]
    public void A_unix_socket_is_refused_by_its_name(string text) =>
        Assert.Equal(
            $"-L '{text}': Unix sockets cannot be forwarded, only TCP ports",
            Assert.Throws<UsageException>(() => ForwardSpecification.Parse(text)).Message);

    [Theory]
    [InlineData("1:h:1", false, AddressFamily.InterNetwork, "127.0.0.1")]
    [InlineData("1:h:1", false, AddressFamily.InterNetworkV6, "::1")]
    [InlineData("1:h:1", true, AddressFamily.Unspecified, Everybody)]
    [InlineData("1:h:1", true, AddressFamily.InterNetworkV6, "::")]
    [InlineData("localhost:1:h:1", true, AddressFamily.Unspecified, Loopback)]
    [InlineData("127.0.0.1:1:h:1", true, AddressFamily.Unspecified, "127.0.0.1")]
    [InlineData("[::1]:1:h:1", false, AddressFamily.InterNetwork, "::1")]
    public void Gateway_ports_and_family_choose_only_where_the_forward_does_not(
        string text, bool allInterfaces, AddressFamily family, string addresses) =>
        Assert.Equal(
            addresses.Split(' ').Select(IPAddress.Parse),
            ForwardSpecification.Parse(text).ToOptions(allInterfaces, family, new FtpOptions()).ListenAddresses);

    [Fact]
    public void No_text_throws_anything_but_a_usage_error()
    {
        var pieces = Gen.Elements("ftp/", "tcp/", "/", ":", "[", "]", "::1", "*", "21", "99999", "h", " ", "\0", "127.0.0.1", "%lo", "-");
        var texts = pieces.ListOf().Select(list => string.Concat(list));
        Prop.ForAll(texts.ToArbitrary(), Check).Check(Seeded.Cases);
        Prop.ForAll<NonNull<string>>(text => Check(text.Get)).Check(Seeded.Cases);

        static void Check(string text)
        {
            try
            {
                var forward = ForwardSpecification.Parse(text);
                Assert.InRange(forward.ListenPort, 0, 65535);
                Assert.InRange(forward.HostPort, 1, 65535);
                Assert.NotEmpty(forward.Host);
            }
            catch (UsageException exception)
            {
                Assert.DoesNotContain(exception.Message, char.IsControl);
            }
        }
    }

    [Theory]
    [InlineData("2121:h:21", "localhost", 2121)]
    [InlineData("ftp/:0:h:21", "", 0)]
    [InlineData("*:2121:h:21", "", 2121)]
    [InlineData("[::1]:2121:h:21", "::1", 2121)]
    [InlineData("server.internal:2121:h:21", "server.internal", 2121)]
    public void The_bind_address_of_a_remote_forward_is_the_SSH_server_s_matter(string text, string bind, int port)
    {
        var forward = RemoteForwardSpecification.Parse(text).ToOptions(new());

        Assert.Equal((bind, port, "h", 21), (forward.BindAddress, forward.ListenPort, forward.Host, forward.HostPort));
    }

    [Theory]
    [InlineData("2121")]
    [InlineData("2121:h:0")]
    [InlineData("a b:2121:h:21")]
    public void A_remote_forward_that_cannot_be_used_is_refused_by_its_own_name(string text) =>
        Assert.StartsWith(
            "-R ",
            Assert.Throws<UsageException>(() => RemoteForwardSpecification.Parse(text)).Message,
            StringComparison.Ordinal);
}
