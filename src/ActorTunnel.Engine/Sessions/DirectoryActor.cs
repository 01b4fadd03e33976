namespace ActorTunnel.Engine.Sessions;

/// <summary>Who is there: every session from its start to its end.</summary>
internal sealed class DirectoryActor : ReceiveActor
{
    private readonly Dictionary<IActorRef, SessionInfo> _sessions = [];

    public DirectoryActor()
    {
        Receive<Enter>(enter =>
        {
            _sessions.Add(enter.Session, enter.Info);
            Context.Watch(enter.Session);
        });
        Receive<Changed>(changed =>
        {
            if (_sessions.ContainsKey(changed.Session)) // It may have ended meanwhile.
                _sessions[changed.Session] = changed.Info;
        });
        Receive<Terminated>(gone => _sessions.Remove(gone.ActorRef));
        Receive<GetSessions>(_ => Sender.Tell(new Sessions([.. _sessions.Values])));
    }

    /// <summary>A session has started.</summary>
    public sealed record Enter(IActorRef Session, SessionInfo Info);

    /// <summary>More is known of a session.</summary>
    public sealed record Changed(IActorRef Session, SessionInfo Info);

    /// <summary>Answered by <see cref="Sessions"/>.</summary>
    public sealed record GetSessions
    {
        public static GetSessions Instance { get; } = new();
    }

    /// <summary>The sessions at this moment.</summary>
    public sealed record Sessions(IReadOnlyList<SessionInfo> All);
}
