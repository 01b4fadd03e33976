using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Sessions.Data;

namespace ActorTunnel.Engine.Sessions;

/// <content>What the server says.</content>
internal sealed partial class ControlChannelActor
{
    private readonly ReplyAssembler _replies = new();
    private readonly TransferParameters _parameters = new();

    // The final reply of the transfer in progress: it waits until the data channel knows how the transfer ended.
    private MatchedReply? _held;

    private bool IsHoldingReply => _held is not null || _welcome is not null || _setUp is PassiveSetUp;

    private void ReadFromServer(ControlLine line)
    {
        _readingServer = false;
        ServerIsActive();
        switch (line.Status)
        {
            case LineStatus.Line or LineStatus.Part:
                if (_replies.Add(line.Bytes) is { } reply)
                    Received(_commands.Match(reply));
                ReadServer();
                break;
            case LineStatus.Tls:
                SayFarewell(FtpReplies.ServerSpeaksTls, Failure.Protocol, FtpReplies.ServerSpeaksTls.Text);
                break;
            default:
                if (_replies.TakeUnfinished() is { } cut && !IsPartOfOutcome(_commands.Match(cut)))
                    Relay(cut, completes: null);
                ServerLeaves();
                break;
        }
    }

    private void Received(MatchedReply matched)
    {
        if (matched.EndsSession)
            SayFarewell(matched.Reply, Failure.PeerClosed, "the server ended the session");
        else if (matched.IsSwallowed)
            Swallow(matched);
        else if (_conclusion is { } conclusion)
            KeepBehind(conclusion, matched);
        else if (!matched.IsFinal)
            Preliminary(matched);
        else
            Settle(matched, matched.Command!);
    }

    private void Preliminary(MatchedReply matched)
    {
        if (IsPartOfOutcome(matched))
            return;
        if (matched is { Command.Direction: not TransferDirection.None, Reply.Kind: ReplyKind.Preliminary })
            _data?.Tell(TransferStarts.Instance);
        var reply = _upload is { } own && own.Command == matched.Command ? own.Begin(matched.Reply) : matched.Reply;
        if (_owed is null || matched.Command != _owed)
            Relay(reply, completes: null);
    }

    /// <summary>
    /// Of a transfer's final reply nothing goes on before the data is where it belongs: the end of a line cannot take back its beginning.
    /// </summary>
    private static bool IsPartOfOutcome(MatchedReply matched) =>
        matched is { Command.Direction: not TransferDirection.None, Reply.IsWhole: false }
        && matched.Reply.Kind is not (ReplyKind.None or ReplyKind.Preliminary);

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
        if (IsPartOfOutcome(matched))
            matched = matched with { Reply = FtpReplies.OutcomeTooLong(matched.Reply.Code) };
        if (_dataStaysOpen && !_parameters.EndsInBand)
            DropDataChannel(); // Its end would be taken for a file's.
        switch (command.Verb)
        {
            case FtpVerb.User or FtpVerb.Pass or FtpVerb.Acct:
                LoginAnswered(matched, command);
                break;
            case FtpVerb.Rein when matched.Reply.Kind == ReplyKind.Completion:
                BegunAnew(matched, command);
                break;
            case FtpVerb.Feat:
                Relay(FeatureList.Without(matched.Reply, _policy.IsRefused), command);
                break;
            case FtpVerb.Auth:
                AuthAnswered(matched.Reply, command);
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
}
