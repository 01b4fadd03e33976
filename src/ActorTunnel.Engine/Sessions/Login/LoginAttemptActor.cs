using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Channels;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Sessions.Login;

/// <summary>
/// One try of an FTP client to log in: an SSH connection, a channel to the FTP server, the login there. The session that comes of it keeps
/// this actor, in whose name the SSH connection is used; otherwise it is stopped. Tells its
/// parent <see cref="LoginAnswered"/> or <see cref="LoginFailed"/>, once.
/// </summary>
internal sealed class LoginAttemptActor : ReceiveActor
{
    /// <summary>For the FTP server from the greeting on. Some look up names first, and punish wrong passwords by silence.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly string _session;
    private readonly NewSession _client;
    private readonly ServerLogin _login;
    private readonly IActorRef _tunnels;
    private readonly SessionAudit _audit;
    private readonly EngineServices _services;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopped = new();
    private SessionTarget _target;
    private ISshTransport? _transport;
    private ChannelStream? _control;
    private ControlLeg? _server;

    /// <param name="session">Its id, for logs.</param>
    /// <param name="client">Who, and where to.</param>
    /// <param name="login">What to say there.</param>
    /// <param name="tunnels">For the SSH connection.</param>
    /// <param name="audit">Of the session.</param>
    /// <param name="services">What every actor may need.</param>
    public LoginAttemptActor(string session, NewSession client, ServerLogin login, IActorRef tunnels, SessionAudit audit, EngineServices services)
    {
        _session = session;
        _client = client;
        _login = login;
        _tunnels = tunnels;
        _audit = audit;
        _services = services;
        _logger = services.Loggers.CreateLogger("ActorTunnel.Sessions");
        _target = client.Target;

        Receive<TunnelReady>(ready => Connect(ready.Transport));
        Receive<TunnelFailed>(NotConnected);
        Receive<ChannelOpening.Opened>(opened => LogIn(new ChannelStream(opened.Channel)));
        Receive<LoginAnswered>(answered => Context.Parent.Tell(answered));
        Receive<LoginFailed>(failed => Context.Parent.Tell(failed));
    }

    protected override void PreStart()
    {
        if (_target.Profile is { } profile)
            _tunnels.Tell(new GetTunnel(profile, Self) { Channels = 2 }); // Control and data, as in any session.
        else
            Connect(_target.WithoutSsh(_services.Time));
    }

    protected override void PostStop()
    {
        _stopped.Cancel();
        _server?.Dispose();
        _control?.Dispose();
    }

    private void Connect(ISshTransport transport)
    {
        _transport = transport;
        ChannelOpening
            .OpenAsync(
                transport, _target.Host, _target.Port, _client.ClientEndPoint, ControlChannelActor.Window, _services.Time, _stopped.Token)
            .PipeTo(Self);
    }

    private void NotConnected(TunnelFailed failed)
    {
        if (!_target.FallsBackAfter(failed))
        {
            Context.Parent.Tell(new LoginFailed(failed));
            return;
        }

        _logger.FallsBackToPlain(_session, _target.ToString(), failed.Message, _audit.Who);
        _audit.FallsBack(failed.Failure, failed.Message);
        _target = _target with { Profile = null };
        Connect(_target.WithoutSsh(_services.Time));
    }

    private void LogIn(ChannelStream control)
    {
        _control = control;
        _server = new ControlLeg(control);
        var connection = new LoggedIn(_target, _transport!, control, _server);
        _login.RunAsync(_server)
            .WaitAsync(_patience, _services.Time)
            .PipeTo(Self, success: reply => new LoginAnswered(reply, connection), failure: cause => new LoginFailed(Explain(cause)));
    }

    private static TunnelFailed Explain(Exception cause) => cause switch
    {
        TunnelException failed => new(failed.Failure, $"{failed.Message}."),
        TimeoutException => new(Failure.Timeout, "the FTP server does not answer the login."),
        IOException => new(Failure.ConnectionLost, "the connection to the FTP server was lost before the login."),
        _ => TunnelFailed.Defect,
    };
}
