using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Sessions.Data;

namespace ActorTunnel.Engine.Sessions;

/// <content>
/// How long the session waits for a server that does not greet or does not go on, and for a client and a server that do nothing: one timer
/// each, which finds out when it is due what has been said and carried meanwhile. Lines and bytes set no timer.
/// </content>
internal sealed partial class ControlChannelActor
{
    /// <summary>Many servers look up the client's name before they greet.</summary>
    private static readonly TimeSpan _greetingPatience = TimeSpan.FromSeconds(60);

    /// <summary>For a server to go on with a reply of several lines. It had them at hand when it began.</summary>
    private static readonly TimeSpan _pausePatience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// For the server to answer what a client has left behind that has said QUIT and closed: nobody is there any more to lose patience.
    /// </summary>
    private static readonly TimeSpan _goodbyePatience = TimeSpan.FromMinutes(5);

    private readonly DataMeter _meter = new();
    private ITimer? _greetingTimer;
    private ITimer? _idleTimer;
    private ITimer? _goodbyeTimer;

    // While a reply is open; null: it does not run.
    private ITimer? _pauseTimer;
    private long _listensSince;
    private long _lastActive;
    private long _bytesSeen;

    private void ReceivePatience()
    {
        Receive<GreetingLate>(_ =>
        {
            if (_greetingTimer is not null)
                SayFarewell(FtpReplies.NoGreeting(_route.Host, _route.HostPort), Failure.Timeout, "the server has not greeted");
        });
        Receive<LookWhetherServerPauses>(_ => ServerPauses());
        Receive<GoodbyeLate>(_ =>
        {
            if (_commands.Transfer is not null && _conclusion is null)
                _goodbyeTimer!.Change(_goodbyePatience, Timeout.InfiniteTimeSpan); // Its data channel knows how long that may take.
            else
                End(Failure.Timeout, "the server does not answer, and the client has left");
        });
        Receive<LookWhetherIdle>(_ => EndIfNothingMoves());
    }

    private void StartPatience()
    {
        if (!_route.IsLoggedIn)
            _greetingTimer = TellLater(GreetingLate.Instance, _greetingPatience);
        _lastActive = _services.Time.GetTimestamp();
        if (_route.Ftp.SessionIdle is { } limit)
            _idleTimer = TellLater(LookWhetherIdle.Instance, limit);
    }

    private void StopPatience()
    {
        _greetingTimer?.Dispose();
        _idleTimer?.Dispose();
        _goodbyeTimer?.Dispose();
        _pauseTimer?.Dispose();
    }

    /// <summary>One side has said something.</summary>
    private void IsActive() => _lastActive = _services.Time.GetTimestamp();

    private void ServerIsActive()
    {
        IsActive();
        _greetingTimer?.Dispose();
        _greetingTimer = null;
    }

    private void ExpectReplyToGoOn()
    {
        _listensSince = _services.Time.GetTimestamp();
        if (_replies.IsOpen && _pauseTimer is null)
            _pauseTimer = TellLater(LookWhetherServerPauses.Instance, _pausePatience);
    }

    /// <summary>
    /// A server that ends its reply with a wrong code would hold up the session for ever, and one that is slow its own words. The port of a
    /// data connection is not for the client as it is, nor is success before its file is whole.
    /// </summary>
    private void ServerPauses()
    {
        _pauseTimer?.Dispose();
        _pauseTimer = null;
        if (!_readingServer || !_replies.IsOpen || _ending)
            return;
        if (_pausePatience - _services.Time.GetElapsedTime(_listensSince) is var left && left > TimeSpan.Zero)
        {
            _pauseTimer = TellLater(LookWhetherServerPauses.Instance, left);
            return;
        }

        var mayPart = _replies.Code is not (227 or 229) && (_commands.Transfer is null || _replies.Code / 100 != 2);
        if (_replies.TakePaused(mayPart) is { } reply)
            Received(_commands.Match(reply));
    }

    private void EndIfNothingMoves()
    {
        if (_ending || _isUnread || _route.Ftp.SessionIdle is not { } limit)
            return;
        var bytes = _meter.Bytes;
        if (bytes != _bytesSeen)
            IsActive();
        _bytesSeen = bytes;
        var left = limit - _services.Time.GetElapsedTime(_lastActive);
        if (left <= TimeSpan.Zero)
        {
            var reason = $"idle for {limit.TotalSeconds:0} s";
            EndAtOnce(new Farewell(FtpReplies.Idle(limit), Failure.Timeout, reason));
            return;
        }

        // When the last byte of data was carried nobody has written down, so with a data channel there are more looks.
        var tenth = limit / 10;
        _idleTimer!.Change(_data is null || left < tenth ? left : tenth, Timeout.InfiniteTimeSpan);
    }

    private ITimer TellLater(object message, TimeSpan time)
    {
        var self = Self;
        return _services.Time.CreateTimer(_ => self.Tell(message, ActorRefs.NoSender), null, time, Timeout.InfiniteTimeSpan);
    }

    private sealed record GreetingLate
    {
        public static GreetingLate Instance { get; } = new();
    }

    private sealed record GoodbyeLate
    {
        public static GoodbyeLate Instance { get; } = new();
    }

    private sealed record LookWhetherServerPauses
    {
        public static LookWhetherServerPauses Instance { get; } = new();
    }

    private sealed record LookWhetherIdle
    {
        public static LookWhetherIdle Instance { get; } = new();
    }
}
