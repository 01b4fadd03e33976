using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Sessions.Data;

namespace ActorTunnel.Engine.Sessions;

/// <content>What the server says.</content>
internal sealed partial class ControlChannelActor
{
    /// <summary>For a server to go on with a reply of several lines. It had them at hand when it began.</summary>
    private static readonly TimeSpan _pausePatience = TimeSpan.FromSeconds(5);

    private readonly ReplyAssembler _replies = new();
    private readonly TransferParameters _parameters = new();

    // The final reply of the transfer in progress: it waits until the data channel knows how the transfer ended.
    private MatchedReply? _held;

    // Runs while a reply is open; it looks at when the last line has come.
    private ITimer? _pause;
    private bool _pauseIsDue;
    private long _heardServer;

    private bool IsHoldingReply => _held is not null || _welcome is not null || _setUp is { Passive: not null };

    private void ReadFromServer(ControlLine line)
    {
        _readingServer = false;
        ServerIsActive();
        _heardServer = _services.Time.GetTimestamp();
        switch (line.Status)
        {
            case LineStatus.Line or LineStatus.Part:
                if (_replies.Add(line.Bytes) is { } reply)
                    Received(_commands.Match(reply));
                ReadServer();
                break;
            default:
                if (_replies.TakeUnfinished() is { } cut)
                    Relay(cut, completes: null);
                ServerLeaves();
                break;
        }
    }

    private void ExpectReplyToGoOn()
    {
        if (!_replies.IsOpen || _pauseIsDue)
            return;
        _pauseIsDue = true;
        var self = Self;
        _pause ??= _services.Time.CreateTimer(
            _ => self.Tell(ServerSaysNoMore.Instance), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _pause.Change(_pausePatience - _services.Time.GetElapsedTime(_heardServer), Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// A server that ends its reply with a wrong code would hold up the session for ever, and one that is slow its own words. The port of a
    /// data connection is not for the client as it is, nor is success before its file is whole.
    /// </summary>
    private void ServerPauses()
    {
        _pauseIsDue = false;
        if (!_readingServer || !_replies.IsOpen)
            return;
        if (_services.Time.GetElapsedTime(_heardServer) < _pausePatience)
        {
            ExpectReplyToGoOn();
            return;
        }

        var mayPart = _replies.Code is not (227 or 229) && (_commands.Transfer is null || _replies.Code / 100 != 2);
        if (_replies.TakePaused(mayPart) is { } reply)
            Received(_commands.Match(reply));
    }

    private void Received(MatchedReply matched)
    {
        if (matched.EndsSession)
            SayFarewell(matched.Reply, Failure.PeerClosed, "the server ended the session");
        else if (matched.IsSwallowed)
            Swallow(matched);
        else if (!matched.Reply.IsWhole && matched.Reply.Code is 227 or 229)
            RefuseEndpoint(matched);
        else if (!matched.IsFinal)
            Relay(matched.Reply, completes: null);
        else
            Settle(matched, matched.Command!);
    }

    /// <summary>Where the server listens is nothing that the client may be told, and it cannot be replaced in parts.</summary>
    private void RefuseEndpoint(MatchedReply part)
    {
        if (part.IsFinal)
            Relay(FtpReplies.EndpointTooLong, part.Command);
    }

    private void Swallow(MatchedReply matched)
    {
        if (!matched.IsFinal)
            return;
        var own = matched.Command!;
        _commands.Complete(own);
        if (_asked.Remove(own, out var then))
            then(matched.Reply);
        else
            TakeCommands();
    }

    private void Settle(MatchedReply matched, FtpCommand command)
    {
        _parameters.Accept(command, matched.Reply);
        var succeeded = matched.Reply.Kind == ReplyKind.Completion;
        switch (command.Verb)
        {
            case FtpVerb.Pasv or FtpVerb.Epsv when succeeded && PassiveReply.Parse(matched.Reply) is { } passive:
                OpenPassive(command, passive);
                break;
            case FtpVerb.User or FtpVerb.Pass or FtpVerb.Acct:
                LoginAnswered(matched, command);
                break;
            case FtpVerb.Rein when succeeded:
                BegunAnew(matched, command);
                break;
            case FtpVerb.Feat:
                Relay(FeatureList.Without(matched.Reply, _policy.IsRefused), command);
                break;
            case FtpVerb.Auth:
                AuthAnswered(matched.Reply, command);
                break;
            case FtpVerb.Port or FtpVerb.Eprt when !succeeded:
                DropDataChannel();
                Relay(matched.Reply, command);
                break;
            case var _ when command.Direction != TransferDirection.None && _data is not null:
                _held = matched;
                _data.Tell(new TransferEnds(matched.Reply.Code));
                break;
            default:
                Relay(matched.Reply, command);
                break;
        }
    }

    private sealed record ServerSaysNoMore
    {
        public static ServerSaysNoMore Instance { get; } = new();
    }
}
