using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Sessions.Data;

namespace ActorTunnel.Engine.Sessions;

/// <content>How a session ends: who has left or is lost, what is still waited for, and the last reply.</content>
internal sealed partial class ControlChannelActor
{
    /// <summary>For the last reply to a client that may not be reading.</summary>
    private static readonly TimeSpan _farewellPatience = TimeSpan.FromSeconds(5);

    // To be said as soon as no transfer is under way.
    private Farewell? _farewell;

    /// <summary>The client will not say more. After a QUIT that is in order; otherwise it has left in the middle of things.</summary>
    private void ClientLeaves()
    {
        if (_clientGone)
            return;
        _clientGone = true;
        if (!_quitReceived)
        {
            BreakOrEnd(Failure.PeerClosed, "the client has left");
            return;
        }

        _data?.Tell(ClientQuits.Instance);
        EndIfFinished();
    }

    /// <summary>QUIT was answered and the client has closed: the server is not needed for the end, should it not close by itself.</summary>
    private void EndIfFinished()
    {
        if (_clientGone && _commands.IsEmpty)
            End(Failure.None, "finished");
    }

    private void ServerLeaves()
    {
        if (_transport!.Closed.IsCompleted)
            TunnelLost();
        else if (_quitReceived && _commands.IsEmpty)
            End(Failure.None, "finished");
        else
            SayFarewell(FtpReplies.ServerLost, Failure.PeerClosed, "the FTP server closed the connection");
    }

    /// <summary>Of a transfer that the server has not answered the client hears first: 426 answers it, and 421 is about the session.</summary>
    private void TunnelLost()
    {
        const string reason = "the SSH connection was lost";
        if (!_ending && _commands.Transfer is { } transfer && transfer != _answered)
            Relay(FtpReplies.TransferBroken(reason), completes: null);
        var cause = _transport!.Closed is { IsCompletedSuccessfully: true } closed ? closed.Result.Message : null;
        SayFarewell(FtpReplies.TunnelLost(cause), Failure.ConnectionLost, reason);
    }

    private void EndIfIdle()
    {
        // Of what is unread there is no idle moment to see.
        if (_farewell is { } last && !_isUnread && (_commands.Transfer is null || OnlyTheServerOwes))
            SayFarewell(last.Reply, last.Failure, last.Reason);
    }

    private void EndAtOnce(Farewell last)
    {
        _farewell = last;
        BreakOrEnd(last.Failure, last.Reason);
    }

    /// <summary>A transfer in progress is broken now; its data channel sees to it that the server hears so, and reports back.</summary>
    private void BreakOrEnd(Failure failure, string reason)
    {
        if (_conclusion is not null)
            LimitConclusion(failure, reason); // The file gets its name, or what is left of it is deleted.
        else if (_data is not null && _commands.Transfer is not null && !OnlyTheServerOwes)
            _data.Tell(new ClientLeft(failure, reason));
        else if (_clientGone || _farewell is not { } last)
            End(failure, reason);
        else
            SayFarewell(last.Reply, failure, reason);
    }

    private void SayFarewell(FtpReply reply, Failure failure, string reason)
    {
        if (_ending)
            return;
        if (_isUnread)
        {
            End(failure, reason); // No word of ours would be understood.
            return;
        }

        Ending(failure, reason);
        var refusal = _reception.Refused(failure);
        _reception = Reception.Silent; // Also should the server be there in the next moment.
        _clientLeg.WriteAsync(refusal.IsEmpty ? reply.For(_id).Bytes : refusal)
            .WaitAsync(_farewellPatience, _services.Time)
            .PipeTo(Self, success: () => FarewellSaid.Instance, failure: _ => FarewellSaid.Instance);
    }

    private void End(Failure failure, string reason)
    {
        if (_ending)
            return;
        Ending(failure, reason);
        Context.Stop(Self);
    }

    private void Ending(Failure failure, string reason)
    {
        _ending = true;
        _logger.SessionEnded(_id, failure, reason, _audit.Who);
        _audit.Ended(failure, reason);
    }

    private sealed record Farewell(FtpReply Reply, Failure Failure, string Reason);

    private sealed record FarewellSaid
    {
        public static FarewellSaid Instance { get; } = new();
    }
}
