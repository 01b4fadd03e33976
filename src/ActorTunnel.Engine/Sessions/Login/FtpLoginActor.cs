using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Rules;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Sessions.Login;

/// <summary>
/// An FTP client before there is an FTP server: greeted here, because its login says how to reach one. A <see cref="LoginAttemptActor"/>
/// logs in with it; a refused login may be tried again, over another SSH connection. In the end a <see cref="ControlChannelActor"/> has
/// both control connections, and this actor only waits for it. This file: the dialogue; Destination.cs: whom the client
/// wants to be where; Attempts.cs: the logins.
/// </summary>
/// <remarks>
/// One command at a time: the next line is acted upon when the last one's reply is written, so pipelined commands keep their order.
/// </remarks>
internal sealed partial class FtpLoginActor : ReceiveActor
{
    /// <summary>As many as sshd's own clients ask a person; the address is on its list of penalties meanwhile.</summary>
    private const int MaxTries = 3;

    /// <summary>For the client to say who it is; again after a refusal.</summary>
    private static readonly TimeSpan _loginTime = TimeSpan.FromMinutes(2);

    /// <summary>For the last reply to a client that may not be reading.</summary>
    private static readonly TimeSpan _farewellPatience = TimeSpan.FromSeconds(5);

    private readonly string _id;
    private readonly NewLoginSession _session;
    private readonly RuleSet _rules;
    private readonly IActorRef _tunnels;
    private readonly IActorRef _directory;
    private readonly SessionAudit _audit;
    private readonly EngineServices _services;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopped = new();
    private readonly NetworkStream _client;
    private readonly ControlLeg _clientLeg;
    private readonly CommandAssembler _lines = new();
    private readonly LoginPreamble _preamble = new();
    private ITimer? _deadline;
    private IActorRef? _attempt;
    private IActorRef? _control;

    // The server's, while it is found out whether there is room.
    private LoginAnswered? _welcome;
    private int _tries;
    private bool _ending;

    public FtpLoginActor(
        string id,
        NewLoginSession session,
        RuleSet rules,
        IActorRef tunnels,
        IActorRef directory,
        SessionAudit audit,
        EngineServices services)
    {
        _id = id;
        _session = session;
        _rules = rules;
        _tunnels = tunnels;
        _directory = directory;
        _audit = audit;
        _services = services;
        _logger = services.Loggers.CreateLogger("ActorTunnel.Sessions");
        _client = new NetworkStream(session.Client, ownsSocket: false);
        _clientLeg = new ControlLeg(_client);

        Receive<ClientLine>(line => Read(line.Line));
        Receive<Said>(_ => ReadClient());
        Receive<ClientLeft>(_ => ClientLeaves());
        Receive<ClientWatched>(watched => Watched(watched.HasLeft));
        Receive<LoginTimeOver>(_ => SayFarewell(FtpReplies.LoginTooSlow, Failure.Timeout, "no login in time"));
        Receive<LoginAnswered>(answered => IfAttempt(() => Answered(answered)));
        Receive<LoginFailed>(failed => IfAttempt(() => Failed(failed.Cause)));
        Receive<PlaceTaken>(_ =>
        {
            if (!_ending)
                HandOver(_welcome!);
        });
        Receive<PlaceRefused>(refused =>
        {
            _audit.RefusedLogin(Failure.Limit, refused.Limit.Reason());
            SayFarewell(refused.Limit.Reply(), Failure.Limit, refused.Limit.Reason());
        });
        Receive<Terminated>(gone => Gone(gone.ActorRef));
        Receive<FarewellSaid>(_ => Context.Stop(Self));
        Receive<EndWhenIdle>(end => EndBy(end, Failure.Shutdown));
        Receive<EndNow>(end => EndBy(end, end.Failure));
        ReceiveDestination();
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreStart()
    {
        TcpSocket.ReceiveUrgentDataInline(_session.Client);
        _logger.LoginAwaited(_id, _session.ClientEndPoint);
        StartDeadline();
        if (_session.Reception.Accepted is { IsEmpty: false } accepted)
            _clientLeg.WriteAsync(accepted).PipeTo(ActorRefs.Nobody); // If it fails, so does what follows.
        Say(_session.Decision is null ? FtpReplies.ReadyForProxyLogin : FtpReplies.ReadyForLogin);
    }

    protected override void PostStop()
    {
        _stopped.Cancel();
        _deadline?.Dispose();
        _password?.Dispose();
        _clientLeg.Dispose();
        _session.Client.Dispose();
        _audit.Stopped();
    }

    private void Say(FtpReply reply)
    {
        _logger.Reply(_id, reply.Code);
        _clientLeg.WriteAsync(reply.For(_id).Bytes).PipeTo(Self, success: () => Said.Instance, failure: _ => ClientLeft.Instance);
    }

    private void ReadClient()
    {
        if (!_ending && _control is null)
            _clientLeg.ReadAsync().PipeTo(Self, success: line => new ClientLine(line), failure: _ => ClientLeft.Instance);
    }

    private void Read(ControlLine line)
    {
        if (_ending)
            return;
        switch (line.Status)
        {
            case LineStatus.Line or LineStatus.Part:
                if (_lines.Add(line.Bytes) is { } command)
                    Accept(command);
                else if (_lines.IsEndless)
                    SayFarewell(FtpReplies.LineEndless, Failure.Limit, "a command line does not end");
                else
                    ReadClient();
                break;
            case LineStatus.Tls:
                SayFarewell(FtpReplies.ClientSpeaksTls, Failure.Protocol, FtpReplies.ClientSpeaksTls.Text);
                break;
            default:
                ClientLeaves();
                break;
        }
    }

    private void Accept(FtpCommand command)
    {
        _logger.Command(_id, command.Verb);
        Act(command);
    }

    private void Act(FtpCommand command)
    {
        switch (command.Verb)
        {
            case FtpVerb.Quit:
                SayFarewell(FtpReplies.Goodbye, Failure.None, "finished");
                break;
            case FtpVerb.User:
                SetUser(command);
                break;
            case FtpVerb.Pass when _login is null:
                command.Erase();
                Say(FtpReplies.UserFirst);
                break;
            case FtpVerb.Pass when _login.IsSshLogin && command.ExactArgument.Contains((byte)0):
                command.Erase(); // sshd hangs up at it, as at one in a user's name.
                Say(FtpReplies.PasswordNotForSsh);
                break;
            case FtpVerb.Pass when command.HasLineBreak:
                command.Erase(); // To some server a second command, which has gone past what its rule allows.
                Say(FtpReplies.LineBreakWithin);
                break;
            case FtpVerb.Pass:
                LogIn(command);
                break;
            default:
                command.Erase();
                Say(_preamble.Answer(command, hasUser: _login is not null));
                break;
        }
    }

    private void EndBy(object how, Failure failure)
    {
        if (_control is not null)
            _control.Tell(how);
        else
            SayFarewell(failure == Failure.Internal ? FtpReplies.InternalError : FtpReplies.ShuttingDown, failure, "stopping");
    }

    private void ClientLeaves()
    {
        if (_ending || _control is not null)
            return;
        _ending = true;
        const string reason = "the client has left before a login";
        _logger.SessionEnded(_id, Failure.PeerClosed, reason, _audit.Who);
        _audit.Ended(Failure.PeerClosed, reason);
        Context.Stop(Self);
    }

    private void SayFarewell(FtpReply reply, Failure failure, string reason)
    {
        if (_ending || _control is not null)
            return;
        _ending = true;
        EndAttempt();
        _logger.SessionEnded(_id, failure, reason, _audit.Who);
        _audit.Ended(failure, reason);
        _clientLeg.WriteAsync(reply.For(_id).Bytes)
            .WaitAsync(_farewellPatience, _services.Time)
            .PipeTo(Self, success: () => FarewellSaid.Instance, failure: _ => FarewellSaid.Instance);
    }

    private void EndAttempt()
    {
        if (_attempt is not null)
            Context.Stop(Context.Unwatch(_attempt));
        _attempt = null;
        _password?.Dispose();
    }

    private void StartDeadline()
    {
        var self = Self;
        _deadline = _services.Time.CreateTimer(_ => self.Tell(LoginTimeOver.Instance), null, _loginTime, Timeout.InfiniteTimeSpan);
    }

    private void StopDeadline()
    {
        _deadline?.Dispose();
        _deadline = null;
    }

    private sealed record ClientLine(ControlLine Line);

    private sealed record ClientWatched(bool HasLeft);

    private sealed record Said
    {
        public static Said Instance { get; } = new();
    }

    private sealed record ClientLeft
    {
        public static ClientLeft Instance { get; } = new();
    }

    private sealed record LoginTimeOver
    {
        public static LoginTimeOver Instance { get; } = new();
    }

    private sealed record FarewellSaid
    {
        public static FarewellSaid Instance { get; } = new();
    }
}
