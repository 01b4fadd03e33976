using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Sessions;

/// <content>
/// Whom the server lets in, and whether there is room for one more of that user. It is the server's 230 that counts: whoever does not know
/// the password cannot take a user's places away.
/// </content>
internal sealed partial class ControlChannelActor
{
    /// <summary>
    /// RFC 959, section 4.2.2. Nobody is let in by it: some servers say it to any ACCT, also of one who has named a user and no more.
    /// </summary>
    private const int Superfluous = 202;

    // Whom the client has named last, and the server has not refused.
    private string? _user;

    // The server's welcome, while it is found out whether there is room: nothing is read behind it, so there is one at a time.
    private MatchedReply? _welcome;

    private void ReceivePlaces()
    {
        Receive<PlaceTaken>(_ =>
        {
            var welcome = _welcome!.Value;
            _welcome = null;
            Relay(welcome.Reply, welcome.Command);
        });
        Receive<PlaceRefused>(refused =>
        {
            _audit.RefusedLogin(Failure.Limit, refused.Limit.Reason());
            SayFarewell(refused.Limit.Reply(), Failure.Limit, refused.Limit.Reason());
        });
    }

    private void LoginAnswered(MatchedReply matched, FtpCommand command)
    {
        var kind = matched.Reply.Kind;
        if (command.Verb == FtpVerb.User && kind is ReplyKind.Completion or ReplyKind.Intermediate)
            _user = SessionPlace.NameOf(command.Argument);
        Welcomed(matched, command, isNew: kind == ReplyKind.Completion && matched.Reply.Code != Superfluous);
    }

    /// <summary>REIN (RFC 959, section 4.1.1): as if the connection had just been opened.</summary>
    private void BegunAnew(MatchedReply matched, FtpCommand rein)
    {
        _user = null;
        Welcomed(matched, rein, isNew: true);
    }

    // Of a session that is born logged in, its login has seen to it.
    private void Welcomed(MatchedReply matched, FtpCommand command, bool isNew)
    {
        if (!isNew || _route.IsLoggedIn || _route.Ftp.Restrictions.SessionsPerUser is null)
        {
            Relay(matched.Reply, command);
            return;
        }

        _welcome = matched;
        Context.Parent.Tell(new TakePlace(_route.Place with { User = _user }));
    }
}
