using System.Buffers;
using System.Text;
using ActorTunnel.Engine.Proxies;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.Proxies;

public sealed class HttpConnectTests
{
    private static readonly Config _config = Seeded.Cases.WithMaxTest(1000);

    private static readonly Gen<byte[]> _wire = Gen
        .Elements("HTTP/1.1 ", "HTTP/1.0 ", "200", " OK", "\r\n", "\n", "a: b", "407 ", "\r", "x")
        .ListOf()
        .Select(parts => Encoding.ASCII.GetBytes(string.Concat(parts)));

    [Fact]
    public void The_request_names_the_authority_twice() =>
        Assert.Equal(
            "CONNECT server:22 HTTP/1.1\r\nHost: server:22\r\n\r\n", Encoding.ASCII.GetString(HttpConnect.Request("server:22", null, [])));

    /// <summary>The pair of RFC 7617, section 2.</summary>
    [Fact]
    public void A_login_is_sent_in_base64() =>
        Assert.EndsWith(
            "\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n",
            Encoding.ASCII.GetString(HttpConnect.Request("server:22", "Aladdin", "open sesame"u8)),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("HTTP/1.1 200 Connection established\r\n\r\n", 200)]
    [InlineData("HTTP/1.0 200\r\nVia: 1.0 proxy\r\nX: y\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\nProxy-Authenticate: Basic\n\n", 407)]
    public void An_answer_is_done_at_the_end_of_its_header_and_not_before(string text, int expected)
    {
        var answer = Encoding.ASCII.GetBytes(text);
        for (var length = 0; length < answer.Length; length++)
            Assert.Equal(OperationStatus.NeedMoreData, HttpConnect.ParseAnswer(answer.AsSpan(0, length), out _));
        Assert.Equal(OperationStatus.Done, HttpConnect.ParseAnswer(answer, out var status));
        Assert.Equal(expected, status);
    }

    [Theory]
    [InlineData("S")]
    [InlineData("SSH-2.0-OpenSSH")]
    [InlineData("\x05")]
    [InlineData("HTTP/2")]
    [InlineData("HTTP/1.1 +20 OK")]
    [InlineData("HTTP/1.1 2000")]
    [InlineData("HTTP/1.1 099 ")]
    [InlineData("HTTP/1.x 200 ")]
    public void What_is_no_answer_is_invalid_at_once(string text) =>
        Assert.Equal(OperationStatus.InvalidData, HttpConnect.ParseAnswer(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void A_header_without_end_is_invalid_at_the_limit()
    {
        var answer = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nX: ".PadRight(HttpConnect.MaxAnswer, 'x'));
        Assert.Equal(OperationStatus.NeedMoreData, HttpConnect.ParseAnswer(answer.AsSpan(0, HttpConnect.MaxAnswer - 1), out _));
        Assert.Equal(OperationStatus.InvalidData, HttpConnect.ParseAnswer(answer, out _));
    }

    [Fact]
    public void Whatever_comes_more_bytes_never_change_an_answer() =>
        Prop.ForAll(_wire.ToArbitrary(), bytes =>
        {
            var (decided, known) = (OperationStatus.NeedMoreData, 0);
            var isStable = true;
            for (var length = 0; length <= bytes.Length; length++)
            {
                var status = HttpConnect.ParseAnswer(bytes.AsSpan(0, length), out var code);
                isStable &= decided == OperationStatus.NeedMoreData || (status == decided && code == known);
                (decided, known) = (status, code);
            }

            return isStable;
        }).Check(_config);
}
