namespace ActorTunnel.Engine.Tests.Sessions.Dialogues;

/// <summary>A random dialogue: mostly sense, some nonsense. The same seed gives the same one.</summary>
internal sealed partial class DialogueGenerator
{
    private const int MostTurns = 24;
    private const int TooLong = 20_000;

    private static readonly string[] _words = ["NOOP", "PWD", "CWD", "SYST", "SITE CHMOD", "XCRC", "HASH", "MFMT", "MLST", "OPTS", "X", "XYZZY"];

    // Names in no encoding, letters that Telnet doubles, a CR that ends nothing, spaces that belong to them.
    private static readonly string[] _names = ["", "a", "a b ", "  x", "\xff\xffname", "\xc3\xa4\xe4", "half\rname", "nul\r\0name", "226 no", "-l"];

    private static readonly string[] _texts = ["ok", "done. ", "", "226 not it", "(1,2,3)", "\xe4\xff", "100% right"];

    private readonly int _seed;
    private readonly Random _random;

    private DialogueGenerator(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
    }

    public static Dialogue Generate(int seed) => new DialogueGenerator(seed).Generate();

    private Dialogue Generate()
    {
        var turns = new List<Turn>();
        while (turns.Count == 0 || _random.Next(MostTurns) > turns.Count / 2)
            AddSome(turns);
        return new Dialogue(_seed, Replies("220"), turns, Any(Enum.GetValues<Ending>()))
        {
            AnswersAbortOnce = IsOneIn(2),
            Unknown = IsOneIn(2) ? Any("PASV", "EPSV", "PORT", "EPRT") : "",
            IsActiveMode = IsOneIn(2),
        };
    }

    private void AddSome(List<Turn> turns)
    {
        switch (_random.Next(12))
        {
            case < 4:
                AddTransfer(turns);
                break;
            case 4:
                turns.Add(SetUp());
                break;
            case 5:
                turns.Add(Nonsense());
                break;
            case 6:
                turns.Add(AnyAbort());
                break;
            case 7:
                turns.Add(AnyStat());
                break;
            case 8 when IsOneIn(6):
                turns.Add(new Quit(Command("QUIT"), Replies("221")) { Wait = AnyWait() });
                break;
            case 9 when IsOneIn(3):
                turns.Add(new Restart(Command("REIN"), IsOneIn(2) ? Replies("220") : [.. Replies("120"), .. Replies("220")]) { Wait = AnyWait() });
                break;
            case 10 when IsOneIn(6):
                turns.Add(new Promise(Command("EPSV", "ALL")) { Wait = AnyWait() });
                break;
            default:
                turns.Add(AnyPlain());
                break;
        }
    }

    private Plain AnyPlain()
    {
        var replies = Replies(Any("200", "250", "257", "350", "331", "500", "502", "550", "450", "600"));
        if (IsOneIn(10))
            replies = [.. Replies("150"), .. replies]; // Preliminary to nothing: it is not for us to judge.
        if (IsOneIn(20))
            replies = [$"{replies[^1][..3]} {new string('y', TooLong)}\r\n"]; // It goes on in parts.
        if (IsOneIn(12))
            replies = ["no reply at all\r\n", .. replies];
        return new Plain(Command(Any(_words), Any(_names)), replies)
        {
            Wait = AnyWait(),
            Unasked = IsOneIn(12) ? [Any("226 once more\r\n", "550 by the way\r\n", "?\n")] : [],
        };
    }

    /// <summary>An empty line, Telnet alone, words that are nearly commands: the server will know. Others are ours to refuse.</summary>
    private Turn Nonsense() => _random.Next(10) switch
    {
        0 => new Plain(Any("\r\n", "\n", " \r\n", "\xff\xf1\r\n", "NO\0OP\r\n", "NO\rOP\r\n", "RETRY x\r\n", "STA\r\n", "12345\r\n"), Replies("500")) { Wait = AnyWait() },
        1 => new Refused(Command("AUTH", Any("TLS", "SSL", "")), 534) { Wait = AnyWait() },
        2 => new Refused(Command(Any("LPRT", "LPSV", "SPSV"), Any("", "4,4,127,0,0,1,2,4,1")), 502) { Wait = AnyWait() },
        3 => new Refused(Any("\xff\xf1X\xff\xf1Y\r\n", "\xff\xffNOOP\r\n", "D\xc5LE x\r\n", "\"NOOP\"\r\n"), 500) { Wait = AnyWait() },
        4 => new Refused($"{Any("DELE", "RETR", "PASS", "ABOR")} {new string('x', TooLong)}\r\n", 500) { Wait = AnyWait() },
        5 => Features(),
        6 => new Translated(Any("\xff\xfc\u0003NOOP\r\n", "\xff\xfe\u0003\xff\xfc\u0001NOOP\r\n"), "NOOP\r\n", ["200 ok\r\n"], ["200 ok\r\n"])
            { Wait = AnyWait() },
        7 => new Refused(Command(Any("PROT P", "PBSZ 0", "CCC")), 503) { Wait = AnyWait() },
        8 => new Refused(Command("EPSV", Any("2", "3")), 522) { Wait = AnyWait() },
        _ => WrongEndpoint(),
    };

    /// <summary>FEAT names what goes through the tunnel.</summary>
    private Translated Features()
    {
        var end = IsOneIn(5) ? "\n" : "\r\n";
        string[] known = [$"211-Features:{end}", $" MDTM{end}", $" UTF8{end}", $" REST STREAM{end}"];
        string[] not = [$" AUTH TLS{end}", $" PBSZ{end}", $" SPSV{end}", $"211-PROT{end}"];
        var line = Command("FEAT");
        return new Translated(line, line, [.. known, .. not, $" SIZE{end}", $"211 end{end}"], [.. known, $" SIZE{end}", $"211 end{end}"])
        {
            Wait = AnyWait(),
        };
    }

    private Refused WrongEndpoint() => IsOneIn(4)
        ? new Refused(Command("EPRT", "|3|127.0.0.1|4000|"), 522) { Wait = AnyWait() }
        : new Refused(
            Any(
                Command("PORT", Any("", "1,2,3", "127,0,0,1,16", "127,0,0,1,400,1", "10,0,0,1,16,0", "127,0,0,1,0,20", "a,b,c,d,e,f")),
                Command("EPRT", Any("", "|1|", "|1|127.0.0.1|20|", "|1|10.0.0.1|4000|", "|2|::1|4000|", "|1|127.0.0.1|70000|"))),
            501) { Wait = AnyWait() };

    private Abort AnyAbort() =>
        new(Any("", "\xff\xf4\xff\xf2", "\xff\xf2") + Command("ABOR"), Replies(Any("225", "226"))) { Wait = AnyWait() };

    private Stat AnyStat() =>
        new((IsOneIn(3) ? "\xff\xf4\xff\xf2" : "") + Command("STAT"), Replies(Any("211", "211", "500", "502"))) { Wait = AnyWait() };

    /// <summary>One or several lines, which may look like other replies.</summary>
    private string[] Replies(string code)
    {
        var end = IsOneIn(5) ? "\n" : "\r\n";
        if (!IsOneIn(4))
            return [IsOneIn(10) ? $"{code}{end}" : $"{code} {Any(_texts)}{end}"];
        string[] inner = [$" {code} not yet{end}", $"{(code == "226" ? 250 : 226)} inside{end}", $"{code}-more{end}", $"421 not now{end}", $"{end}", $"{code}0 x{end}"];
        var count = _random.Next(3);
        return [$"{code}-{Any(_texts)}{end}", .. Enumerable.Range(0, count).Select(_ => Any(inner)), $"{code} {Any(_texts)}{end}"];
    }

    private string Command(string verb, string argument = "")
    {
        if (IsOneIn(6))
            verb = verb.ToLowerInvariant();
        var end = IsOneIn(4) ? "\n" : "\r\n";
        return argument.Length == 0 ? $"{verb}{end}" : $"{verb}{(IsOneIn(8) ? "  " : " ")}{argument}{end}";
    }

    private Wait AnyWait() => _random.Next(5) switch { 0 => Wait.Replies, 1 => Wait.Begin, _ => Wait.Nothing };

    private bool IsOneIn(int count) => _random.Next(count) == 0;

    private T Any<T>(params T[] all) => all[_random.Next(all.Length)];
}
