namespace ActorTunnel.Engine.Tests.Sessions.Dialogues;

/// <content>Set-up commands and transfers.</content>
internal sealed partial class DialogueGenerator
{
    private const int LargestFile = 200_000;

    // Success that names no endpoint: the client may make of it what it can.
    private static readonly string[] _unusable =
        ["227 (256,0,0,1,4,51)\r\n", "227 (1,2,3)\r\n", "227 4051\r\n", "229 (|||70000|)\r\n", "229 none\r\n"];

    private void AddTransfer()
    {
        if (!IsOneIn(10))
            Add(SetUp());
        if (IsOneIn(4))
            Add(AnyPlain());
        Add(AnyTransfer());
        while (IsOneIn(3))
            Add(IsOneIn(2) ? AnyAbort() : AnyStat());
    }

    private Turn SetUp()
    {
        string[] fails = !IsOneIn(6) ? [] : IsOneIn(2) ? Replies(Any("500", "502", "425", "530", "550")) : [Any(_unusable)];
        return _random.Next(6) switch
        {
            0 or 1 => new AskPassive(Command(Any("PASV", "PASV", "P@SW")), "PASV", Announced(227), fails),
            2 or 3 => new AskPassive(Command("EPSV", Any("", "", "1")), "EPSV", Announced(229), fails),
            _ => new OfferActive(
                Command(Any("PORT", "EPRT"), "#"), Replies(IsOneIn(6) ? Any("500", "502", "425", "530") : "200"), fails),
        };
    }

    private string[] Announced(int code)
    {
        var text = code == 227
            ? Any("Entering Passive Mode (#).", "Data transfer will passively listen to #", "=#", "Entering passive mode. #", "1,2 but #!")
            : Any("Extended (|||#|)", "(!!!#!)", "|||#|", "Entering Extended Passive Mode (|||#|).");
        var end = IsOneIn(5) ? "\n" : "\r\n";
        return IsOneIn(6) ? [$"{code}-Now\r\n", $" then{end}", $"{code} {text}{end}"] : [$"{code} {text}{end}"];
    }

    private Transfer AnyTransfer()
    {
        var isUpload = IsOneIn(2);
        var verb = isUpload ? Any("STOR", "STOR", "STOR", "APPE", "STOU") : Any("RETR", "LIST", "NLST", "MLSD");
        var story = AnyStory();
        var succeeds = story is Story.Whole or Story.ReplyFirst or Story.ServerIsHasty || (story == Story.ClientResets && IsOneIn(2));
        var final = succeeds ? Any("226", "250") : Any("425", "426", "451", "552", "550");
        return new Transfer(Command(verb, Any(_names)), isUpload, story, AnySize(), Replies(Any("150", "125")), Replies(final))
        {
            ConnectsEarly = IsOneIn(2),
            Renaming = IsOneIn(4) ? Any(Renaming.RefusedAtOnce, Renaming.RefusedInTheEnd) : Renaming.Done,
            Unasked = IsOneIn(12) ? [Any("226 once more\r\n", "550 by the way\r\n")] : [],
        };
    }

    private Story AnyStory() => _random.Next(12) switch
    {
        < 5 => Any(Story.Whole, Story.ReplyFirst),
        5 => Story.Refused,
        6 => Story.NoConnection,
        7 => Story.ServerFails,
        8 => Story.ServerIsHasty,
        9 or 10 => Story.ClientResets,
        _ when IsOneIn(2) => Any(Story.ClientLeaves, Story.ServerSays421, Story.ServerLeaves, Story.WireIsCut),
        _ => Story.Whole,
    };

    private int AnySize() => _random.Next(5) switch
    {
        0 => 0,
        1 => _random.Next(LargestFile),
        _ => _random.Next(2000),
    };
}
