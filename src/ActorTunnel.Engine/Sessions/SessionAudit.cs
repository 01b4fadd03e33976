using System.Globalization;
using System.Net;
using System.Text;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions;

/// <summary>
/// One session as audit tells of it: what is known so far of who, from where, to where and by which way, and when it began. Owned by the
/// session's actor, which says when it is over; its data channels tell of their transfers. It has one line at its end.
/// </summary>
internal sealed class SessionAudit
{
    private readonly EngineServices _services;
    private readonly long _begun;
    private readonly IPEndPoint _client;
    private AuditRecord _session;
    private Cause? _end;

    // Begun and not told of yet.
    private FtpCommand? _transfer;

    // Of an upload that is not over when its data is; and what is known of it when its data is.
    private bool _isSettledLater;
    private AuditRecord? _unsettled;

    private SessionAudit(AuditRecord session, IPEndPoint client, EngineServices services)
    {
        _client = client;
        _services = services;
        _begun = services.Time.GetTimestamp();
        _session = session;
    }

    /// <summary>Why what is unfinished now will stay so: the session's end; without one, an actor has failed or the engine stops at once.</summary>
    public Cause WhyUnfinished =>
        _end is { Failure: not Failure.None } end ? end
        : _services.Stopping.IsCancellationRequested ? new Cause(Failure.Shutdown, "stopped")
        : new Cause(Failure.Internal, "internal error");

    /// <summary>Who comes from where, goes where and by which way, as far as it is known, for logs.</summary>
    public string Who
    {
        get
        {
            var (session, who) = (_session, new StringBuilder(NameOf(_client, _session.SocksUser)));
            if (session.FtpUser is { } ftpUser)
                who.Append(CultureInfo.InvariantCulture, $", FTP user '{ftpUser}'{(session.Target is null ? "" : ",")}");
            if (session.Target is { } target)
                who.Append(CultureInfo.InvariantCulture, $" to {target}");
            if (session.SshServer is { } server)
                who.Append(CultureInfo.InvariantCulture, $" through {session.SshUser}@{server}");
            return who.ToString();
        }
    }

    /// <summary>A client as logs name it.</summary>
    /// <param name="client">Where it comes from.</param>
    /// <param name="socksUser">Whom it is to the SOCKS proxy; null: nobody.</param>
    public static string NameOf(IPEndPoint client, string? socksUser) =>
        socksUser is null ? $"{client}" : $"{client} (SOCKS user '{socksUser}')";

    public static SessionAudit Of(string id, NewSession session, EngineServices services) =>
        new(Describe(session.Target, session.ClientEndPoint) with { Session = id }, session.ClientEndPoint, services);

    public static SessionAudit Of(string id, NewLoginSession session, EngineServices services) =>
        new(Describe(session) with { Session = id }, session.ClientEndPoint, services);

    public static SessionAudit Of(string id, NewRemoteSession session, EngineServices services) =>
        new(Describe(session) with { Session = id, HostKey = session.Transport.HostKey.Fingerprint }, session.Client, services);

    public static AuditRecord Describe(SessionTarget target, IPEndPoint client) => new AuditRecord
    {
        Entry = target.Entry,
        SocksUser = target.SocksUser,
        Rule = target.Rule,
        Profile = target.ProfileName,
        SshServer = target.Profile is { } profile ? $"{profile.Host}:{profile.Port}" : null,
        SshUser = target.Profile?.User,
        Target = target.ToString(),
    }.From(client);

    public static AuditRecord Describe(NewSocksClient client) =>
        new AuditRecord { Entry = client.Options.Name }.From(client.ClientEndPoint);

    public static AuditRecord Describe(NewLoginSession session) => new AuditRecord
    {
        Entry = session.Entry,
        SocksUser = session.SocksUser,
        Rule = session.Decision?.Rule?.Name,
        Target = session.Decision is { } decision ? $"{decision.Host}:{decision.Port}" : null,
    }.From(session.ClientEndPoint);

    public static AuditRecord Describe(NewRemoteSession session) =>
        new AuditRecord
        {
            Entry = session.Entry,
            SshServer = $"{session.Profile.Host}:{session.Profile.Port}",
            SshUser = session.Profile.User,
            Target = session.Target,
        }.From(session.Client);

    /// <summary>A client that was turned away before it became a session.</summary>
    public static void Refused(EngineServices services, AuditRecord client, Failure failure, string reason) =>
        services.Audit(client with { Event = AuditEvent.Refused, Outcome = failure, Reason = reason });

    /// <summary>The SSH connection that the session goes by.</summary>
    public void Through(ISshTransport transport)
    {
        if (_session.SshServer is not null)
            _session = _session.Shown(transport.HostKey);
    }

    /// <summary>From here on without SSH: nothing is said of a server that was not reached.</summary>
    public void FallsBack(Failure failure, string reason)
    {
        _services.Audit(_session with { Event = AuditEvent.Fallback, Outcome = failure, Reason = reason });
        _session = _session with { SshServer = null, SshUser = null, HostKey = null };
    }

    /// <summary>What the client names as its user.</summary>
    public void Sees(FtpCommand command)
    {
        if (command.Verb == FtpVerb.User)
            _session = _session with { FtpUser = AuditText.Of(command.Argument) };
    }

    /// <summary>Where its login leads it, and by which way.</summary>
    public void Goes(SessionTarget target, byte[] ftpUser) => _session = Describe(target, _client) with
    {
        Session = _session.Session,
        FtpUser = AuditText.Of(ftpUser),
    };

    /// <summary>A destination that the rules do not allow; another may be asked for.</summary>
    public void RefusedDestination(Decision decision, string reason)
    {
        var who = _session with { Rule = decision.Rule?.Name, Target = $"{decision.Host}:{decision.Port}" };
        Refused(_services, who, Failure.Policy, reason);
    }

    /// <summary>A login that did not succeed; another may be tried.</summary>
    public void RefusedLogin(Failure failure, string reason) => Refused(_services, _session, failure, reason);

    /// <summary>A transfer command goes to the server. Its data channel may be stopped before it hears of it.</summary>
    /// <param name="command">The command.</param>
    /// <param name="isSettledLater">When its data is over the file is not: <see cref="Settled"/> follows.</param>
    public void Begins(FtpCommand command, bool isSettledLater = false)
    {
        _isSettledLater = isSettledLater;
        Volatile.Write(ref _transfer, command);
    }

    /// <summary>A transfer whose data is over.</summary>
    public void Transferred(FtpCommand command, string? mode, long bytes, TimeSpan duration, Failure failure, string reason)
    {
        Interlocked.CompareExchange(ref _transfer, null, command);
        if (_services.AuditSink is null)
            return;
        var record = _session with
        {
            Event = AuditEvent.Transfer,
            Verb = command.ToString(),
            File = AuditText.Of(command.Argument),
            Direction = command.Direction == TransferDirection.Download ? "download" : "upload",
            DataMode = mode,
            Bytes = bytes,
            Seconds = Math.Round(duration.TotalSeconds, 6),
            Outcome = failure,
            Reason = reason.Length > 0 ? reason : null,
        };
        if (_isSettledLater)
            _unsettled = record;
        else
            _services.Audit(record);
    }

    /// <summary>An upload is over with all that was asked about it.</summary>
    /// <param name="failed">Why it has failed after its data was over; null: it has not, or had before.</param>
    /// <param name="leftover">The name of what it may have left on the server.</param>
    public void Settled(Cause? failed, string? leftover)
    {
        _isSettledLater = false;
        if (_unsettled is not { } upload)
            return;
        _unsettled = null;
        upload = upload with { Leftover = leftover };
        _services.Audit(failed is null ? upload : upload with { Outcome = failed.Failure, Reason = failed.Reason });
    }

    /// <summary>The first cause wins.</summary>
    public void Ended(Failure failure, string reason, long? bytesDown = null, long? bytesUp = null)
    {
        if (_end is not null)
            return;
        _end = new Cause(failure, reason);
        _services.Audit(_session with
        {
            Event = AuditEvent.Session,
            BytesDown = bytesDown,
            BytesUp = bytesUp,
            Seconds = Math.Round(_services.Time.GetElapsedTime(_begun).TotalSeconds, 6),
            Outcome = failure,
            Reason = reason,
        });
    }

    /// <summary>Its actor is gone, and its data channels before it.</summary>
    /// <param name="leftover">The name of what an upload in progress may have left on the server.</param>
    public void Stopped(string? leftover = null)
    {
        if (_transfer is { } untold)
            Transferred(untold, mode: null, bytes: 0, TimeSpan.Zero, WhyUnfinished.Failure, WhyUnfinished.Reason);
        Settled(_unsettled is { Outcome: Failure.None } ? WhyUnfinished : null, leftover); // Its data has gone through, and no more.
        if (_end is null)
            Ended(WhyUnfinished.Failure, WhyUnfinished.Reason);
    }

    /// <summary>Why something ended.</summary>
    internal sealed record Cause(Failure Failure, string Reason);
}
