namespace ActorTunnel.Engine.Tests.Sessions.Dialogues;

/// <content>
/// PASV, EPSV, PORT, EPRT. What the server is asked may be something else than what the client asks for: where it does not know a command
/// the other one for the same is tried, and the next time at once.
/// </content>
internal sealed partial class Prediction
{
    private const string DoesNotKnow = "502 never heard of it\r\n";

    private readonly HashSet<string> _avoided = [];

    private static string OtherThan(string verb) => verb switch
    {
        "PASV" => "EPSV",
        "EPSV" => "PASV",
        "PORT" => "EPRT",
        _ => "PORT",
    };

    /// <summary>Codes by which the other command is worth a try.</summary>
    private static bool IsUnable(string line) => line[..3] is "425" or "500" or "501" or "502" or "504" or "522";

    private static string Standard(string verb) =>
        verb == "PASV" ? "227 Entering Passive Mode (#).\r\n" : "229 Entering Extended Passive Mode (|||#|)\r\n";

    private void Ask(AskPassive ask)
    {
        if (_isExtendedOnly && ask.Verb == "PASV")
        {
            Ours(501);
            return;
        }

        _data = null;
        var data = NewData(clientConnects: true, serverConnects: false);
        switch (AskToListen(ask.Verb, ask.Listens, ask.Fails, data))
        {
            case (var verb, null):
                _data = data;
                // The server's words if they have that form.
                Hears(verb == ask.Verb ? ask.Listens : [Standard(ask.Verb)], data);
                break;
            case (_, { } refusal) when refusal[0][0] != '2' || refusal[0][..3] == Standard(ask.Verb)[..3]:
                Hears(refusal, null);
                break;
            default:
                Ours(425);
                break;
        }
    }

    private void Offer(OfferActive offer)
    {
        var data = NewData(clientConnects: false, serverConnects: _dialogue.IsActiveMode);
        Client.Add(new ClientStep.Says(offer.Line, data));
        if (_isExtendedOnly)
        {
            Ours(501);
            return;
        }

        _data = null;
        if (_dialogue.IsActiveMode)
        {
            OfferToServer(offer, data);
            return;
        }

        switch (AskToListen("PASV", [Standard("PASV")], offer.Fails, data))
        {
            case (_, null):
                _data = data;
                Ours(200);
                break;
            case (_, { } refusal) when refusal[0][0] != '2' && !IsUnable(refusal[^1]):
                Hears(refusal, null);
                break;
            default:
                Ours(425);
                break;
        }
    }

    private void OfferToServer(OfferActive offer, DataPlan data)
    {
        var (_, answer) = AskServer("PORT", verb => HearEndpoint(verb, data), _ => offer.Replies);
        Hears(answer, null);
        if (answer[^1][0] == '2')
            _data = data;
    }

    private void HearEndpoint(string verb, DataPlan data) =>
        Hear(verb == "PORT" ? "PORT #\r\n" : "EPRT |1|127.0.0.1|#|\r\n", data);

    /// <summary>The words in which the server was asked in the end, and its refusal, if it is one.</summary>
    private (string Verb, string[]? Refusal) AskToListen(string preferred, string[] listens, string[] fails, DataPlan data)
    {
        var (verb, answer) = AskServer(
            preferred,
            verb => Hear($"{verb}\r\n"),
            verb => fails.Length > 0 ? fails : verb == preferred ? listens : [Standard(verb)],
            data);
        return (verb, answer.Any(line => line.Contains('#')) ? null : answer);
    }

    /// <summary>The first refusal counts, if there are two.</summary>
    private (string Verb, string[] Answer) AskServer(
        string preferred, Action<string> hear, Func<string, string[]> answer, DataPlan? data = null)
    {
        var verb = _avoided.Contains(preferred) ? OtherThan(preferred) : preferred;
        var first = AskOnce(verb);
        if (!IsUnable(first[^1]))
            return (verb, first);
        var other = OtherThan(verb);
        var second = AskOnce(other);
        if (second[^1][0] != '2')
            return (verb, first);
        _avoided.Add(verb);
        return (other, second);

        string[] AskOnce(string words)
        {
            hear(words);
            var said = words == _dialogue.Unknown ? [DoesNotKnow] : answer(words);
            Server.Add(new ServerStep.Says(Endpoints.Fill(said, data?.ServerPort ?? 0)));
            return said;
        }
    }

    private void Hears(string[] lines, DataPlan? data) =>
        Replies.AddRange(lines.Select(line => (line, line.Contains('#') ? data : null)));

    private DataPlan NewData(bool clientConnects, bool serverConnects)
    {
        var data = new DataPlan(Data.Count, clientConnects, serverConnects);
        Data.Add(data);
        return data;
    }
}
