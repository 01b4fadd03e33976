using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Sessions.Login;

/// <content>What becomes of a login: a session, a refusal and another try, or the end.</content>
internal sealed partial class FtpLoginActor
{
    private void LogIn(FtpCommand pass)
    {
        StopDeadline();
        var (id, tunnels, audit, services) = (_id, _tunnels, _audit, _services);
        var (client, login) = Prepare(pass);
        pass.Erase();
        _attempt = Context.Watch(Context.ActorOf(
            Props.Create(() => new LoginAttemptActor(id, client, login, tunnels, audit, services)), $"login-{++_tries}"));
        _clientLeg.WatchAsync().PipeTo(Self, success: left => new ClientWatched(left), failure: _ => new ClientWatched(HasLeft: true));
    }

    /// <summary>Nobody is logged in for a client that does not wait for it.</summary>
    private void Watched(bool hasLeft)
    {
        if (_attempt is not null && _control is null && hasLeft)
            ClientLeaves();
    }

    private void IfAttempt(Action act)
    {
        if (!_ending && Sender.Equals(_attempt))
            act();
    }

    private void Answered(LoginAnswered answered)
    {
        var reply = answered.Reply;
        if (reply.Code == 421)
            SayFarewell(reply, Failure.PeerClosed, "the FTP server ended the session");
        else if (reply.Kind is ReplyKind.Completion or ReplyKind.Intermediate)
            AskForPlace(answered);
        else
            Refused(reply, Failure.FtpServer, $"the FTP server answered {reply.Code}");
    }

    private void Failed(TunnelFailed failed)
    {
        // A refusal of the jump host says nothing about this login.
        var isRefusedOnTheWay = failed is { Hop: not null, Failure: Failure.Authentication };
        var code = isRefusedOnTheWay ? 421 : failed.Failure.FtpCode();
        var reply = FtpReplies.NoSession(code, failed.Failure, failed.Message);
        if (failed.Hop is null && IsAboutLogin(failed.Failure))
            Refused(reply, failed.Failure, failed.Message);
        else
            SayFarewell(reply, failed.Failure, failed.Message);
    }

    /// <summary>With another user or password it may be different; what else is wrong is not the client's to mend.</summary>
    private static bool IsAboutLogin(Failure failure) => failure is Failure.Authentication or Failure.Policy or Failure.FtpServer;

    /// <summary>The client may try again, from USER on: the next try has an SSH connection of its own.</summary>
    private void Refused(FtpReply reply, Failure failure, string reason)
    {
        _logger.LoginRefused(_id, _tries, reason, _audit.Who);
        _audit.RefusedLogin(failure, reason);
        EndAttempt();
        _login = null;
        if (_tries == MaxTries)
        {
            SayFarewell(reply.For(_id).Then(FtpReplies.TooManyLogins.For(_id)), Failure.Authentication, "too many failed logins");
            return;
        }

        StartDeadline();
        Say(reply);
    }

    /// <summary>Not before the server's welcome: whoever does not know the password cannot take a user's places away.</summary>
    private void AskForPlace(LoginAnswered answered)
    {
        _welcome = answered;
        var place = answered.Connection.Target.PlaceOf(_session.ClientEndPoint.Address);
        Context.Parent.Tell(new TakePlace(place with { User = SessionPlace.NameOf(_login!.User) }));
    }

    private void HandOver(LoginAnswered answered)
    {
        var (id, socket, leg, connection) = (_id, _session.Client, _clientLeg, answered.Connection);
        var (tunnels, audit, services) = (_tunnels, _audit, _services);
        _logger.Reply(_id, answered.Reply.Code);
        _clientLeg.WriteAsync(answered.Reply.Bytes).PipeTo(ActorRefs.Nobody); // If the client has left, reading shows it.
        _directory.Tell(new DirectoryActor.Changed(Self, Info(connection.Target)));
        _control = Context.Watch(Context.ActorOf(
            Props.Create(() => new ControlChannelActor(
                id, new LoggedInRoute(socket, leg, connection, services.Time), tunnels, audit, services)),
            "control"));
    }

    private SessionInfo Info(SessionTarget target) =>
        new(_id, target.Kind, _session.ClientEndPoint, target.ToString()) { FtpUser = target.FtpUser };

    private void Gone(IActorRef actor)
    {
        if (actor.Equals(_control))
            Context.Stop(Self); // It has said why.
        else if (actor.Equals(_attempt))
            EndBy(new EndNow(Failure.Internal), Failure.Internal);
    }
}
