using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Sessions.Data;

namespace ActorTunnel.Engine.Sessions;

/// <content>
/// Uploads about which the server is asked more than to take them: how much it has (VerifySize), to give the file its name, or to delete
/// what is left of a broken one (UploadName). All that is within the turn of the client's command: its reply waits for it.
/// </content>
internal sealed partial class ControlChannelActor
{
    /// <summary>For the server's answers when nobody waits for them any more but this session's end.</summary>
    private static readonly TimeSpan _conclusionPatience = TimeSpan.FromSeconds(5);

    // The one in progress.
    private Upload? _upload;

    // Its data is over and its reply here: the server is asked the rest.
    private Conclusion? _conclusion;

    // Said once in a session each, not for every file.
    private bool _saidKeepsName;
    private bool _saidNotVerified;

    private void ReceiveFromUploads() => Receive<ConclusionLate>(late =>
    {
        if (late.Conclusion != _conclusion)
            return;
        if (_clientGone || _farewell is not { } last)
            End(late.Failure, late.Reason);
        else
            SayFarewell(last.Reply, late.Failure, late.Reason);
    });

    /// <summary>False: the upload is refused, and the client knows.</summary>
    private bool TryPrepareUpload(FtpCommand command)
    {
        _upload = null;
        var (usesTemporary, verifies) = (_route.Ftp.UploadName == UploadName.Temporary, _route.Ftp.VerifySize);
        if (command.Direction != TransferDirection.Upload || !(usesTemporary || verifies))
            return true;
        TemporaryName? temporary = null;
        if (usesTemporary && command.Verb == FtpVerb.Stor && !_parameters.Restarts)
        {
            temporary = TemporaryName.For(command.ExactArgument);
            if (temporary is null)
            {
                _audit.Transferred(command, mode: null, bytes: 0, TimeSpan.Zero, Failure.Policy, "it cannot have a temporary name");
                Relay(FtpReplies.NoTemporaryName, command);
                return false;
            }
        }
        else if (usesTemporary && !_saidKeepsName)
        {
            _saidKeepsName = true;
            _logger.KeepsItsName(_id, command.Verb);
        }

        var unverified = verifies ? WhyUnverified(command) : null;
        if (unverified is not null)
            NotVerified(unverified);
        var isVerified = verifies && unverified is null;
        if (temporary is not null || isVerified)
            _upload = new Upload(command) { Temporary = temporary, IsVerified = isVerified, Offset = _parameters.RestartOffset };
        return true;
    }

    /// <summary>
    /// SIZE counts bytes of the file as it would be sent (RFC 3659, section 4); only so are they those of the data connection.
    /// </summary>
    private string? WhyUnverified(FtpCommand command) =>
        _parameters is not { Type: 'I', Mode: 'S', Structure: 'F' } ? "only TYPE I, MODE S and STRU F have the same bytes in the file"
        : command.Verb == FtpVerb.Appe ? "nobody knows the length of the file before APPE"
        : _parameters is { Restarts: true, RestartOffset: 0 } ? "REST did not name a byte"
        : null;

    private void NotVerified(string reason)
    {
        if (_saidNotVerified)
            return;
        _saidNotVerified = true;
        _logger.NotVerified(_id, reason);
    }

    private void ConcludeUpload(Upload upload, MatchedReply final, DataDone done)
    {
        var conclusion = _conclusion = new Conclusion(upload, final, done);
        if ((_clientGone && !_quitReceived) || _farewell?.Failure == done.Failure)
            LimitConclusion(done.Failure, done.Reason);
        Action next = done.Failure == Failure.None && final.Reply.Kind == ReplyKind.Completion
            ? () => CompareSize(conclusion)
            : () => RemoveTemporary(conclusion);
        if (_commands.OwesAbortReply)
            SeparateAbort(next);
        else
            next();
        ReadServer();
    }

    private void LimitConclusion(Failure failure, string reason)
    {
        var late = new ConclusionLate(_conclusion!, failure, reason);
        Task.Delay(_conclusionPatience, _services.Time, _stopped.Token).PipeTo(Self, success: () => late, failure: _ => late);
    }

    private void CompareSize(Conclusion conclusion)
    {
        var (upload, sent) = (conclusion.Upload, conclusion.Done.Bytes);
        if (!upload.IsVerified || upload.StoredAs is not { } name)
        {
            if (upload.IsVerified)
                NotVerified("the server did not say how it named the file");
            Rename(conclusion);
            return;
        }

        Ask(FtpCommand.Create("SIZE", name.Span), reply =>
        {
            var size = Upload.ParseSize(reply);
            if (size is null)
                NotVerified($"the server answered SIZE with {reply.Code}");
            if (size is not { } known || upload.IsWhole(known, sent))
            {
                Rename(conclusion);
                return;
            }

            var expected = upload.Offset + sent;
            conclusion.Fail(FtpReplies.WrongSize(known, expected), $"the file on the server has {known} bytes, not {expected}");
            RemoveTemporary(conclusion);
        });
    }

    /// <summary>A file of that name is written over, as STOR would have; where RNTO does not do that, nothing is lost.</summary>
    private void Rename(Conclusion conclusion)
    {
        if (conclusion.Upload.Temporary is not { } temporary)
        {
            Conclude(conclusion);
            return;
        }

        Ask(FtpCommand.Create("RNFR", temporary.Path.Span), from =>
        {
            if (from.Kind != ReplyKind.Intermediate)
            {
                NotRenamed(conclusion, temporary, from);
                return;
            }

            Ask(FtpCommand.Create("RNTO", temporary.Final.Span), to =>
            {
                if (to.Kind == ReplyKind.Completion)
                    Conclude(conclusion);
                else
                    NotRenamed(conclusion, temporary, to);
            });
        });
    }

    /// <summary>The file is whole: it stays, for whoever can rename it.</summary>
    private void NotRenamed(Conclusion conclusion, TemporaryName temporary, FtpReply reply)
    {
        conclusion.Fail(
            FtpReplies.NotRenamed(AuditText.Of(temporary.Path.Span), reply),
            $"complete, but the FTP server did not rename it: {reply.Code}");
        Conclude(conclusion, leftover: temporary);
    }

    private void RemoveTemporary(Conclusion conclusion)
    {
        var upload = conclusion.Upload;
        var isRefused = !upload.HasBegun && conclusion.Final.Reply.Kind == ReplyKind.PermanentNegative;
        if (upload.Temporary is not { } temporary || isRefused)
        {
            Conclude(conclusion);
            return;
        }

        Ask(FtpCommand.Create("DELE", temporary.Path.Span), reply =>
            Conclude(conclusion, leftover: reply.Kind == ReplyKind.Completion || !upload.HasBegun ? null : temporary));
    }

    private void Conclude(Conclusion conclusion, TemporaryName? leftover = null)
    {
        (_upload, _conclusion) = (null, null);
        if (leftover is not null)
            _logger.Leftover(_id, leftover.Mark, _audit.Who);
        _audit.Settled(conclusion.Failed, NameOf(leftover));
        var final = conclusion.Final;
        Conclude(conclusion.Done, final with { Reply = conclusion.Instead ?? conclusion.Upload.Hide(final.Reply) });
        if (_ending)
            return;
        foreach (var behind in conclusion.Behind)
            Received(behind);
    }

    /// <summary>
    /// ABOR and STAT that were sent during the transfer may be answered after it. To the client their replies come behind the transfer's.
    /// </summary>
    private void KeepBehind(Conclusion conclusion, MatchedReply matched)
    {
        if (conclusion.Behind.Count < CommandQueue.MaxQueued)
            conclusion.Behind.Add(matched);
        else
            SayFarewell(FtpReplies.ServerGivenUp, Failure.Limit, "the server says more than it is asked");
    }

    /// <summary>Told at the session's end, of an upload that nothing can be asked about any more.</summary>
    private string? LeaveUpload()
    {
        if (_upload?.Temporary is not { } temporary)
            return null;
        _logger.Leftover(_id, temporary.Mark, _audit.Who);
        return NameOf(temporary);
    }

    private static string? NameOf(TemporaryName? leftover) => leftover is null ? null : AuditText.Of(leftover.Path.Span);

    private sealed class Conclusion(Upload upload, MatchedReply final, DataDone done)
    {
        public Upload Upload => upload;

        public MatchedReply Final => final;

        public DataDone Done => done;

        /// <summary>Why it has failed after its data was over.</summary>
        public SessionAudit.Cause? Failed { get; private set; }

        /// <summary>What the client hears in place of a success that is none.</summary>
        public FtpReply? Instead { get; private set; }

        public List<MatchedReply> Behind { get; } = [];

        public void Fail(FtpReply instead, string reason) =>
            (Instead, Failed) = (instead, new SessionAudit.Cause(Failure.FtpServer, reason));
    }

    private sealed record ConclusionLate(Conclusion Conclusion, Failure Failure, string Reason);
}
