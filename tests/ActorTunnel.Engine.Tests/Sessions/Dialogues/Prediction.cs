namespace ActorTunnel.Engine.Tests.Sessions.Dialogues;

/// <summary>
/// What must reach each side of a dialogue, by what the tunnel promises and not by how it does it: lines pass as they are and in order;
/// one command at a time is with the server, but for ABOR and STAT, which do not wait for a transfer; what is broken looks broken.
/// </summary>
internal sealed partial class Prediction
{
    private const string AnyText = "*";

    private readonly Dialogue _dialogue;
    private readonly List<Turn> _turns;

    // Turns that have reached the server during a transfer that came before them.
    private readonly HashSet<int> _overtook = [];
    private readonly List<ClientStep> _farewell = [];

    // What a transfer would use.
    private DataPlan? _data;
    private bool _isExtendedOnly;
    private int _beganAfter;

    // An ABOR of ours has been sent, and no other command after it.
    private bool _haveAborted;
    private bool _isOver;

    public Prediction(Dialogue dialogue)
    {
        _dialogue = dialogue;
        _turns = WithNeededWaits(dialogue.Turns);
        Answer(dialogue.Greeting);
        for (var i = 0; i < _turns.Count; i++)
            Take(i, _turns[i]);
        if (!_isOver)
            End();
        Client.AddRange(_farewell);
        Server.Add(new ServerStep.SeesControlEnd());
    }

    public List<ServerStep> Server { get; } = [];

    public List<ClientStep> Client { get; } = [];

    /// <summary>The lines that the client reads, and then the end. '#' is an endpoint of ours, '*' a text of ours.</summary>
    public List<(string Line, DataPlan? Data)> Replies { get; } = [];

    public List<DataPlan> Data { get; } = [];

    /// <summary>
    /// Where it is left open who comes first, the client waits: behind an unasked reply, which could be taken for the next command's, and
    /// between a reply of ours and ABOR, whose second reply may never come.
    /// </summary>
    private static List<Turn> WithNeededWaits(IReadOnlyList<Turn> turns)
    {
        var waiting = new List<Turn>();
        var isAborted = false;
        var isOurs = false;
        var isPromised = false;
        var isUnasked = false;
        foreach (var turn in turns)
        {
            var waits = turn.Wait == Wait.Replies || isUnasked || (isAborted && turn.MayBeOurs) || (isOurs && turn is Abort);
            waiting.Add(waits ? turn with { Wait = Wait.Replies } : turn);
            isAborted = turn is Abort || (isAborted && !waits);
            isOurs = turn is Refused or Promise || (isPromised && turn is AskPassive or OfferActive) || (isOurs && !waits);
            isPromised |= turn is Promise;
            isUnasked = turn.Unasked.Length > 0;
        }

        return waiting;
    }

    private void Take(int index, Turn turn)
    {
        var hasOvertaken = _overtook.Contains(index);
        if (_isOver && !hasOvertaken)
            return; // It would be said to nobody.
        Client.Add(new ClientStep.Reads(turn.Wait switch { Wait.Replies => Replies.Count, Wait.Begin => _beganAfter, _ => 0 }));
        if (hasOvertaken)
        {
            Client.Add(new ClientStep.Says(turn.Line));
            return;
        }

        if (turn is Abort && _haveAborted)
        {
            AbortAgain(turn);
            return;
        }

        if (turn is not OfferActive)
            Client.Add(new ClientStep.Says(turn.Line));
        switch (turn)
        {
            case OfferActive offer:
                Offer(offer);
                break;
            case Promise:
                _isExtendedOnly = true;
                Ours(200);
                break;
            case Restart(_, var replies):
                _isExtendedOnly = false;
                Exchange(turn, replies);
                break;
            case Refused refused:
                Ours(refused.Code);
                break;
            case AskPassive ask:
                Ask(ask);
                break;
            case Transfer transfer:
                Begin(transfer, index);
                break;
            case Plain(_, var replies):
                Exchange(turn, replies);
                break;
            case Translated translated:
                Translate(translated);
                break;
            case Abort(_, var replies):
                Exchange(turn, replies);
                break;
            case Stat(_, var replies):
                Exchange(turn, replies);
                break;
            case Quit(_, var replies):
                Exchange(turn, replies);
                Goodbye();
                break;
        }
    }

    /// <summary>
    /// The client aborts what we have aborted: it is answered here as long as the server owes us a reply. Whether it still does, when it
    /// has one for each, is a matter of moments; so then nothing is said.
    /// </summary>
    private void AbortAgain(Turn turn)
    {
        if (!_dialogue.AnswersAbortOnce)
            return;
        Client.Add(new ClientStep.Says(turn.Line));
        Ours(226);
    }

    private void Translate(Translated translated)
    {
        Hear(translated.Heard);
        Server.Add(new ServerStep.Says(string.Concat(translated.Replies)));
        Replies.AddRange(translated.HeardReplies.Select(line => (line, (DataPlan?)null)));
    }

    private void Exchange(Turn turn, string[] replies)
    {
        Hear(turn.Line);
        Answer(replies);
        Answer(turn.Unasked);
    }

    private void Hear(string line, DataPlan? data = null)
    {
        Server.Add(new ServerStep.Hears(line, data));
        _haveAborted = false;
    }

    /// <summary>The server says it, and the client hears it.</summary>
    private void Answer(string[] lines, DataPlan? data = null)
    {
        if (lines.Length == 0)
            return;
        var port = data is null ? 0 : data.ServerPort;
        Server.Add(new ServerStep.Says(Endpoints.Fill(lines, port)));
        Replies.AddRange(lines.Select(line => (line, line.Contains('#') ? data : null)));
    }

    private void Ours(int code) => Replies.Add(($"{code} {AnyText}\r\n", null));

    /// <summary>After QUIT the server leaves; a client may leave at once and is still answered.</summary>
    private void Goodbye()
    {
        _isOver = true;
        Server.Add(new ServerStep.Leaves());
        if (_dialogue.Ending == Ending.ClientLeaves)
            _farewell.Add(new ClientStep.Finishes());
    }

    private void End()
    {
        // The server cannot know what is ours.
        Server.Add(new ServerStep.WaitsForReplies(Replies.Count));
        _farewell.Add(new ClientStep.Reads(Replies.Count));
        switch (_dialogue.Ending)
        {
            case Ending.ClientLeaves:
                _farewell.Add(new ClientStep.Finishes());
                break;
            case Ending.ClientIsCutOff:
                _farewell.Add(new ClientStep.Says("DELE half"));
                _farewell.Add(new ClientStep.Finishes());
                break;
            case Ending.ClientResets:
                _farewell.Add(new ClientStep.Resets());
                break;
            case Ending.ServerLeaves:
                Server.Add(new ServerStep.Leaves());
                Ours(421);
                break;
            case Ending.ServerIsCutOff:
                Answer(["211-begun\r\n", " more\r\n"]);
                Server.Add(new ServerStep.Says("211 en"));
                Server.Add(new ServerStep.Leaves());
                Ours(421);
                break;
            case Ending.ServerSays421:
                Answer(["421 I leave\r\n"]);
                break;
            case Ending.WireIsCut:
                Server.Add(new ServerStep.WireIsCut());
                Ours(421);
                break;
        }
    }
}
