namespace ActorTunnel.Engine.Tests.Sessions.Dialogues;

/// <content>Transfers, and what overtakes them.</content>
internal sealed partial class Prediction
{
    private const string ServerStopped = "426 stopped\r\n";
    private const string ServerAborted = "226 aborted\r\n";

    private void Begin(Transfer transfer, int index)
    {
        if (_data is not { } data)
        {
            Ours(425);
            return;
        }

        if (!TryName(transfer, data))
            return;
        _data = null;
        var overtaking = Overtaking(index);
        if (transfer.Story == Story.Refused)
        {
            RefuseTransfer(transfer, data, overtaking);
            return;
        }

        Answer(transfer.Begin);
        _beganAfter = Replies.Count;
        var isAborted = overtaking.Exists(turn => turn is Abort);
        var isWhole = transfer.Story is Story.Whole or Story.ReplyFirst && !isAborted;
        data.Bytes = isWhole ? transfer.Bytes : transfer.Bytes + 1; // One shows that both ends are connected.
        data.ConnectsAfter = transfer.ConnectsEarly ? null : _beganAfter;
        if (isAborted)
        {
            AbortTransfer(transfer, data, overtaking);
            return;
        }

        foreach (var turn in overtaking)
            Exchange(turn, ((Stat)turn).Replies);
        if (transfer.Story == Story.NoConnection)
        {
            Answer(transfer.Final);
            Remove(data);
        }
        else if (transfer.IsUpload)
            Upload(transfer, data);
        else
            Download(transfer, data);
        // Behind an ABOR of ours it may be the answer to that.
        if (!_isOver && !(transfer is { IsUpload: true, Story: Story.ClientResets }))
            Answer(transfer.Unasked);
    }

    /// <summary>ABOR and STAT do not wait for this transfer; behind the next one they are about that.</summary>
    private List<Turn> Overtaking(int index)
    {
        var overtaking = new List<Turn>();
        if (_turns[index].Unasked.Length > 0)
            return overtaking;
        for (var i = index + 1; i < _turns.Count && _turns[i] is not Transfer && _turns[i].Wait != Wait.Replies; i++)
        {
            if (_turns[i] is not (Abort or Stat))
                continue;
            overtaking.Add(_turns[i]);
            _overtook.Add(i);
        }

        return overtaking;
    }

    private void RefuseTransfer(Transfer transfer, DataPlan data, List<Turn> overtaking)
    {
        foreach (var turn in overtaking)
            Hear(turn.Line);
        if (transfer.ConnectsEarly && data.ClientConnects)
        {
            data.Client = ClientPart.ReadsBroken;
            Server.Add(new ServerStep.WaitsForClient(data));
        }

        Answer(transfer.Final);
        foreach (var turn in overtaking)
            Answer(turn is Abort(_, var idle) ? idle : ((Stat)turn).Replies);
        if (transfer.Final[^1][0] == '4')
            Remove(data);
        Answer(transfer.Unasked);
    }

    private void AbortTransfer(Transfer transfer, DataPlan data, List<Turn> overtaking)
    {
        var isConnected = transfer.Story != Story.NoConnection;
        if (isConnected)
            Move(data, transfer.IsUpload, transfer.IsUpload ? ClientPart.WritesBroken : ClientPart.ReadsBroken);
        foreach (var turn in overtaking)
            Hear(turn.Line);
        // In order, but for those that the transfer has not ended yet.
        foreach (var stat in overtaking.TakeWhile(turn => turn is Stat))
            Answer(((Stat)stat).Replies);
        if (isConnected)
            Server.Add(new ServerStep.WaitsForClient(data));
        var abort = overtaking.FindIndex(turn => turn is Abort);
        if (_dialogue.AnswersAbortOnce && isConnected)
        {
            Final(ServerAborted, isTrue: !transfer.IsUpload, isConnected);
            if (!transfer.IsUpload)
            {
                data.Client = ClientPart.ReadsWhole;
                Server.Insert(Server.Count - 1, new ServerStep.Finishes(data));
            }
        }
        else
        {
            Final(ServerStopped, isTrue: true, isConnected);
            if (!_dialogue.AnswersAbortOnce)
                Answer([ServerAborted]);
        }

        foreach (var turn in overtaking.Skip(abort + 1))
            Answer(turn is Abort(_, var idle) ? idle : ((Stat)turn).Replies);
        Remove(data);
    }

    private void Download(Transfer transfer, DataPlan data)
    {
        switch (transfer.Story)
        {
            case Story.Whole or Story.ServerIsHasty:
                Move(data, isUpload: false, ClientPart.ReadsWhole);
                Server.Add(new ServerStep.Finishes(data));
                Answer(transfer.Final);
                break;
            case Story.ReplyFirst:
                Move(data, isUpload: false, ClientPart.ReadsWhole);
                Answer(transfer.Final);
                Server.Add(new ServerStep.Finishes(data));
                break;
            case Story.ServerFails:
                Move(data, isUpload: false, ClientPart.ReadsBroken);
                Server.Add(new ServerStep.WaitsForClient(data));
                Server.Add(new ServerStep.Finishes(data));
                Answer(transfer.Final);
                break;
            case Story.ClientResets:
                Move(data, isUpload: false, ClientPart.ReadsAndResets);
                Server.Add(new ServerStep.SeesEnd(data, IsWhole: false));
                Final(transfer.Final[^1], transfer.Final[^1][0] != '2', isConnected: true);
                break;
            default:
                Move(data, isUpload: false, ClientPart.ReadsBroken);
                Server.Add(new ServerStep.WaitsForClient(data));
                EndInTransfer(transfer, data);
                break;
        }
    }

    private void Upload(Transfer transfer, DataPlan data)
    {
        switch (transfer.Story)
        {
            case Story.Whole or Story.ReplyFirst:
                Move(data, isUpload: true, ClientPart.WritesWhole);
                Server.Add(new ServerStep.SeesEnd(data, IsWhole: true));
                Rename(transfer, data);
                break;
            case Story.ServerFails:
                Move(data, isUpload: true, ClientPart.WritesBroken);
                Answer(transfer.Final);
                Remove(data);
                Server.Add(new ServerStep.SeesEnd(data, IsWhole: false));
                break;
            case Story.ServerIsHasty:
                Move(data, isUpload: true, ClientPart.WritesBroken);
                Final(transfer.Final[^1], isTrue: false, isConnected: true);
                Remove(data);
                Server.Add(new ServerStep.SeesEnd(data, IsWhole: false));
                break;
            case Story.ClientResets:
                Move(data, isUpload: true, ClientPart.WritesAndResets);
                Server.Add(new ServerStep.LetsGo(data));
                AbortedByUs();
                Remove(data);
                Server.Add(new ServerStep.SeesEnd(data, IsWhole: false));
                break;
            default:
                Move(data, isUpload: true, ClientPart.WritesBroken);
                Server.Add(new ServerStep.LetsGo(data));
                EndInTransfer(transfer, data);
                break;
        }
    }

    /// <summary>All bytes are on their way, or with the server.</summary>
    private void Move(DataPlan data, bool isUpload, ClientPart client)
    {
        data.Client = client;
        if (data.ServerConnects)
            Server.Add(new ServerStep.Connects(data));
        Server.Add(isUpload ? new ServerStep.Receives(data) : new ServerStep.Sends(data));
    }

    /// <summary>The last word on a transfer, which is not passed on when it is a success that is none.</summary>
    private void Final(string line, bool isTrue, bool isConnected)
    {
        Server.Add(new ServerStep.Says(line));
        if (isTrue)
            Replies.Add((line, null));
        else
            Ours(isConnected ? 426 : 425);
    }

    /// <summary>The server hears of a broken upload before its data connection ends. Of its answers the client hears one.</summary>
    private void AbortedByUs()
    {
        Hear("ABOR\r\n");
        _haveAborted = true;
        if (_dialogue.AnswersAbortOnce)
        {
            Final(ServerAborted, isTrue: false, isConnected: true);
            return;
        }

        Final(ServerStopped, isTrue: true, isConnected: true);
        Server.Add(new ServerStep.SaysInVain(ServerAborted));
    }

    private void EndInTransfer(Transfer transfer, DataPlan data)
    {
        _isOver = true;
        switch (transfer.Story)
        {
            case Story.ClientLeaves:
                _farewell.Add(new ClientStep.Reads(Replies.Count));
                _farewell.Add(transfer.IsUpload ? new ClientStep.WaitsForServer(data) : new ClientStep.WaitsForData(data));
                _farewell.Add(new ClientStep.Finishes());
                if (transfer.IsUpload)
                    Hear("ABOR\r\n");
                else
                    Server.Add(new ServerStep.SeesEnd(data, IsWhole: false));
                Server.Add(new ServerStep.Says(ServerStopped));
                Remove(data);
                break;
            case Story.ServerSays421:
                Answer(["421 I leave\r\n"]);
                break;
            case Story.ServerLeaves:
                Server.Add(new ServerStep.Leaves());
                Ours(421);
                break;
            case Story.WireIsCut:
                Server.Add(new ServerStep.WaitsForReplies(Replies.Count)); // What is on its way goes down with it.
                Server.Add(new ServerStep.WireIsCut());
                Ours(426);
                Ours(421);
                break;
        }
    }
}
