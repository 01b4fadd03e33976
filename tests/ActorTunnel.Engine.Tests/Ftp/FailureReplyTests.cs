using System.Reflection;
using System.Text;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Tests.Ftp;

/// <summary>Replies of our own that say what has failed.</summary>
public sealed class FailureReplyTests
{
    [Fact]
    public void A_text_may_be_cut_and_the_session_behind_it_never_is()
    {
        var reply = FtpReply.Failed(425, new string('x', 5000)).For("s17");

        Assert.Equal($"425 {new string('x', 400)} [s17]\r\n", Encoding.UTF8.GetString(reply.Bytes.Span));
    }

    [Fact]
    public void What_a_server_says_and_what_is_no_failure_stays_as_it_is()
    {
        var servers = new FtpReply(425, "425 no\r\n"u8.ToArray());

        Assert.Same(servers, servers.For("s17"));
        Assert.Same(FtpReplies.Ok, FtpReplies.Ok.For("s17"));
    }

    [Fact]
    public void Every_transient_refusal_of_our_own_names_the_session()
    {
        var replies = typeof(FtpReplies).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Select(property => (property.Name, Reply: (FtpReply)property.GetValue(null)!))
            .Where(reply => reply.Reply.Kind == ReplyKind.TransientNegative)
            .ToList();

        Assert.NotEmpty(replies);
        Assert.All(replies, reply => Assert.True(reply.Reply.IsFailure, reply.Name));
    }
}
