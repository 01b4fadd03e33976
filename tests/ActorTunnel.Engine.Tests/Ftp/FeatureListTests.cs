using ActorTunnel.Engine.Ftp;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.Ftp;

public sealed class FeatureListTests
{
    [Theory]
    [InlineData("211-Features:\r\n AUTH TLS\r\n SIZE\r\n211 End\r\n", "211-Features:\r\n SIZE\r\n211 End\r\n")]
    [InlineData("211-Features:\n auth TLS;SSL;\n SIZE\n211 End\n", "211-Features:\n SIZE\n211 End\n")]
    [InlineData("211-Features:\r\nAUTH\r\n\tAUTH SSL\r\n211-AUTH TLS\r\n211-SIZE\r\n211\r\n", "211-Features:\r\n211-SIZE\r\n211\r\n")]
    [InlineData("211-AUTH is below\r\n AUTH TLS\r\n AUTHENTIC\r\n211 AUTH\r\n", "211-AUTH is below\r\n AUTHENTIC\r\n211 AUTH\r\n")]
    [InlineData("211-\xe4\r\n AUTH\r\n \xff\xe4 \r\n211 \xe4\r\n", "211-\xe4\r\n \xff\xe4 \r\n211 \xe4\r\n")]
    [InlineData("211 AUTH TLS\r\n", "211 AUTH TLS\r\n")]
    [InlineData("500-no\r\n AUTH\r\n500 no\r\n", "500-no\r\n AUTH\r\n500 no\r\n")]
    public void B17_lines_of_what_is_refused_are_struck_and_nothing_else(string reply, string expected)
    {
        var code = int.Parse(reply.AsSpan(0, 3), null);
        var filtered = FeatureList.Without(new FtpReply(code, Bytes.Of(reply)), name => name == "AUTH");
        Assert.Equal(code, filtered.Code);
        Assert.Equal(expected, Bytes.Text(filtered.Bytes));
    }

    [Fact]
    public void B17_any_reply_of_which_nothing_is_refused_stays_as_it_is() =>
        Prop.ForAll(Gen.Elements("211-a", "\r\n", "\n", " AUTH TLS", "211 ", "\r", "\t", "\xff").ListOf().ToArbitrary(), parts =>
        {
            var reply = new FtpReply(211, Bytes.Of(string.Concat(parts)));
            return ReferenceEquals(reply, FeatureList.Without(reply, _ => false));
        }).Check(Seeded.Cases);

    [Fact]
    public void B17_a_list_in_parts_stays_as_it_is()
    {
        var part = new FtpReply(211, Bytes.Of("211-a\r\n AUTH\r\n SIZE\r\n"), isComplete: false);
        Assert.Same(part, FeatureList.Without(part, _ => true));
    }
}
