using System.Text;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Proxies;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Proxies;

public sealed class ProxyClientTests
{
    private static readonly byte[] _socksDone = [5, 0, 0, 1, 0, 0, 0, 0, 0, 0];

    [Fact]
    public async Task What_the_server_says_behind_the_answer_is_left_to_the_next_reader()
    {
        await using var socks = new ScriptedStream([5, 0, .. _socksDone, .. "SSH-2.0"u8]);
        await using var http = new ScriptedStream([.. "HTTP/1.1 200 OK\r\nA: b\r\n\r\nSSH-2.0"u8]);

        await ConnectAsync(socks, ProxyProtocol.Socks5);
        await ConnectAsync(http, ProxyProtocol.Http);

        Assert.Equal("SSH-2.0"u8, socks.Unread);
        Assert.Equal("SSH-2.0"u8, http.Unread);
        Assert.Equal([5, 1, 0, 5, 1, 0, 3, 6, .. "server"u8, 0, 22], socks.Written);
    }

    [Fact]
    public async Task A_password_is_sent_only_when_the_proxy_wants_it_and_zeroed_after()
    {
        var password = "secret"u8.ToArray();
        await using var open = new ScriptedStream([5, 0, .. _socksDone]);
        await ConnectAsync(open, ProxyProtocol.Socks5, "alice", password);
        Assert.DoesNotContain("secret", Encoding.ASCII.GetString(open.Written), StringComparison.Ordinal);

        await using var closed = new ScriptedStream([5, 2, 1, 0, .. _socksDone]);
        await ConnectAsync(closed, ProxyProtocol.Socks5, "alice", password);

        byte[] greetingAndLogin = [5, 2, 0, 2, 1, 5, .. "alice"u8, 6, .. "secret"u8];
        Assert.Equal(greetingAndLogin, closed.Written[..greetingAndLogin.Length]);
        Assert.Equal(new byte[6], password);
    }

    [Fact]
    public async Task An_http_password_is_zeroed_after()
    {
        var password = "secret"u8.ToArray();
        await using var stream = new ScriptedStream([.. "HTTP/1.1 200 OK\r\n\r\n"u8]);

        await ConnectAsync(stream, ProxyProtocol.Http, "alice", password);

        Assert.Contains("Basic YWxpY2U6c2VjcmV0\r\n", Encoding.ASCII.GetString(stream.Written), StringComparison.Ordinal);
        Assert.Equal(new byte[6], password);
    }

    [Fact]
    public async Task An_interim_answer_is_followed_by_the_one_that_counts()
    {
        await using var stream = new ScriptedStream([.. "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"u8]);
        await ConnectAsync(stream, ProxyProtocol.Http);
    }

    [Theory]
    [InlineData(1, Failure.Unreachable, "general failure")]
    [InlineData(2, Failure.Prohibited, "rules forbid")]
    [InlineData(3, Failure.Unreachable, "network")]
    [InlineData(4, Failure.Unreachable, "cannot reach")]
    [InlineData(5, Failure.ConnectionRefused, "nothing listens")]
    [InlineData(6, Failure.Timeout, "in time")]
    [InlineData(7, Failure.Protocol, "makes no connections")]
    [InlineData(8, Failure.Protocol, "kind of address")]
    [InlineData(77, Failure.Protocol, "77")]
    internal async Task Each_socks_reply_has_its_failure_and_its_words(byte code, Failure failure, string words) =>
        await FailsAsync([5, 0, 5, code, 0, 1, 0, 0, 0, 0, 0, 0], ProxyProtocol.Socks5, failure, words, "server port 22");

    [Theory]
    [InlineData("403 Forbidden", Failure.Prohibited, "forbids")]
    [InlineData("401 Who", Failure.Authentication, "http://USER@")]
    [InlineData("407 Who", Failure.Authentication, "http://USER@")]
    [InlineData("502 Bad gateway", Failure.Unreachable, "cannot reach")]
    [InlineData("504 Late", Failure.Timeout, "in time")]
    [InlineData("429 Busy", Failure.Limit, "too much")]
    [InlineData("302 Found", Failure.Protocol, "302")]
    internal async Task Each_http_status_has_its_failure_and_its_words(string status, Failure failure, string words) =>
        await FailsAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n\r\n"), ProxyProtocol.Http, failure, words, "server port 22");

    [Fact]
    public async Task A_proxy_that_wants_a_login_says_what_to_write()
    {
        await FailsAsync([5, 0xFF], ProxyProtocol.Socks5, Failure.Authentication, "socks5://USER@");
        await FailsAsync([5, 0xFF], ProxyProtocol.Socks5, Failure.Authentication, "takes no user name", user: "alice");
        await FailsAsync([5, 2, 1, 1], ProxyProtocol.Socks5, Failure.Authentication, "refuses the password of alice", user: "alice");
        await FailsAsync(
            [.. "HTTP/1.1 407 No\r\n\r\n"u8], ProxyProtocol.Http, Failure.Authentication, "refuses the password of alice", user: "alice");
    }

    [Fact]
    public async Task A_peer_that_is_no_proxy_is_told_from_one_that_leaves()
    {
        await FailsAsync([.. "SSH-2.0-x\r\n"u8], ProxyProtocol.Socks5, Failure.Protocol, "is it a SOCKS5 proxy?");
        await FailsAsync([.. "SSH-2.0-x\r\n"u8], ProxyProtocol.Http, Failure.Protocol, "is it an HTTP proxy?");
        await FailsAsync([5, 2], ProxyProtocol.Socks5, Failure.Protocol, "makes no sense");
        await FailsAsync([5, 0, 5, 0], ProxyProtocol.Socks5, Failure.ConnectionLost, "closed the connection");
        await FailsAsync([.. "HTTP/1.1 200 OK\r\n"u8], ProxyProtocol.Http, Failure.ConnectionLost, "closed the connection");
        await using var broken = new ScriptedStream { Breaks = new IOException("reset.") };
        var failed = await Assert.ThrowsAsync<TunnelException>(() => ConnectAsync(broken, ProxyProtocol.Http));
        Assert.Equal(Failure.ConnectionLost, failed.Failure);
    }

    [Fact]
    public async Task Endless_answers_come_to_an_end()
    {
        var header = "HTTP/1.1 200 OK\r\nX: ".PadRight(1 << 20, 'x');
        await FailsAsync(Encoding.ASCII.GetBytes(header), ProxyProtocol.Http, Failure.Protocol, "makes no sense");
        var interim = string.Concat(Enumerable.Repeat("HTTP/1.1 100 Wait\r\n\r\n", 1000));
        await FailsAsync(Encoding.ASCII.GetBytes(interim), ProxyProtocol.Http, Failure.Protocol, "makes no sense");
    }

    [Theory]
    [InlineData("server\r\nX: y")]
    [InlineData("two words")]
    [InlineData("sérver")]
    [InlineData("")]
    public async Task A_name_that_a_request_cannot_carry_is_refused_before_a_byte_is_sent(string host)
    {
        foreach (var protocol in new[] { ProxyProtocol.Socks5, ProxyProtocol.Http })
        {
            await using var stream = new ScriptedStream();
            var proxy = new ProxyServer { Protocol = protocol, Host = "proxy", Port = 1080 };

            var failed = await Assert.ThrowsAsync<TunnelException>(
                () => new ProxyClient(stream, proxy, host, 22).ConnectAsync(CancellationToken.None));

            Assert.Equal(Failure.Configuration, failed.Failure);
            Assert.Empty(stream.Written);
        }
    }

    private static async Task FailsAsync(
        byte[] answers, ProxyProtocol protocol, Failure failure, string words, string? more = null, string? user = null)
    {
        await using var stream = new ScriptedStream(answers);
        var failed = await Assert.ThrowsAsync<TunnelException>(() => ConnectAsync(stream, protocol, user, [.. "secret"u8]));
        Assert.Equal(failure, failed.Failure);
        Assert.StartsWith("Proxy proxy port 1080: ", failed.Message, StringComparison.Ordinal);
        Assert.Contains(words, failed.Message, StringComparison.Ordinal);
        Assert.Contains(more ?? "", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failed.Message, StringComparison.Ordinal);
    }

    private static Task ConnectAsync(Stream stream, ProxyProtocol protocol, string? user = null, byte[]? password = null)
    {
        var proxy = new ProxyServer
        {
            Protocol = protocol,
            Host = "proxy",
            Port = 1080,
            User = user,
            Password = password is null ? null : () => password,
        };
        return new ProxyClient(stream, proxy, "server", 22).ConnectAsync(CancellationToken.None);
    }
}
