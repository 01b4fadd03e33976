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

    private bool IsHoldingReply => _held is not null || _setUp is { Passive: not null };

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
            default:
                if (_replies.TakeUnfinished() is { } cut)
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
        else if (matched is { Command.Verb: FtpVerb.Pasv or FtpVerb.Epsv, Reply: { IsWhole: false, Code: 227 or 229 } })
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
}
