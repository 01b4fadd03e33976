namespace ActorTunnel.Engine.Tests.Sessions.Dialogues;

/// <content>Commands and replies as such.</content>
internal sealed partial class DialogueGenerator
{
    private const int TooLong = 20_000;

    private static readonly string[] _words =
        ["NOOP", "PWD", "CWD", "SYST", "SITE CHMOD", "XCRC", "HASH", "MFMT", "MLST", "OPTS", "X", "XYZZY"];

    // Names in no encoding, letters that Telnet doubles, a CR that ends nothing, spaces that belong to them.
    private static readonly string[] _names =
        ["", "a", "a b ", "  x", "\xff\xffname", "\xc3\xa4\xe4", "half\rname", "nul\r\0name", "226 no", "-l"];

    private static readonly string[] _texts = ["ok", "done. ", "", "226 not it", "(1,2,3)", "\xe4\xff", "100% right"];

    // For the server to refuse.
    private static readonly string[] _mistakes =
        ["\r\n", "\n", " \r\n", "\xff\xf1\r\n", "NO\0OP\r\n", "NO\rOP\r\n", "RETRY x\r\n", "STA\r\n", "12345\r\n"];

    private static readonly string[] _noCommands = ["\xff\xf1X\xff\xf1Y\r\n", "\xff\xffNOOP\r\n", "D\xc5LE x\r\n", "\"NOOP\"\r\n"];

    private static readonly string[] _wrongPorts =
        ["", "1,2,3", "127,0,0,1,16", "127,0,0,1,400,1", "10,0,0,1,16,0", "127,0,0,1,0,20", "a,b,c,d,e,f"];

    private static readonly string[] _wrongExtendedPorts =
        ["", "|1|", "|1|127.0.0.1|20|", "|1|10.0.0.1|4000|", "|2|::1|4000|", "|1|127.0.0.1|70000|"];

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
            Unasked = IsOneIn(12) ? [Any("226 once more\r\n", "550 by the way\r\n", "?\n")] : [],
        };
    }

    private Turn Nonsense() => _random.Next(11) switch
    {
        0 => new Plain(Any(_mistakes), Replies("500")),
        1 => new Refused(Any(_noCommands), 500),
        2 => new Refused($"{Any("DELE", "RETR", "PASS", "ABOR")} {new string('x', TooLong)}\r\n", 500),
        3 => new Refused(Command("AUTH", Any("TLS", "SSL", "")), 534),
        4 => new Refused(Command(Any("PROT P", "PBSZ 0", "CCC")), 503),
        5 => new Refused(Command(Any("LPRT", "LPSV", "SPSV", "CPSV"), Any("", "4,4,127,0,0,1,2,4,1")), 502),
        6 => new Refused(Command("EPSV", Any("2", "3")), 522),
        7 => new Refused(Command("PORT", Any(_wrongPorts)), 501),
        8 => new Refused(Command("EPRT", Any(_wrongExtendedPorts)), 501),
        9 => new Translated(
            Any("\xff\xfc\u0003NOOP\r\n", "\xff\xfe\u0003\xff\xfc\u0001NOOP\r\n"), "NOOP\r\n", ["200 ok\r\n"], ["200 ok\r\n"]),
        _ => Features(),
    };

    /// <summary>FEAT names what goes through the tunnel.</summary>
    private Translated Features()
    {
        var end = IsOneIn(5) ? "\n" : "\r\n";
        string[] known = [$"211-Features:{end}", $" MDTM{end}", $" UTF8{end}", $" REST STREAM{end}"];
        string[] not = [$" AUTH TLS{end}", $" PBSZ{end}", $" SPSV{end}", $"211-PROT{end}"];
        var line = Command("FEAT");
        return new Translated(line, line, [.. known, .. not, $" SIZE{end}", $"211 end{end}"], [.. known, $" SIZE{end}", $"211 end{end}"]);
    }

    /// <summary>One or several lines, which may look like other replies.</summary>
    private string[] Replies(string code)
    {
        var end = IsOneIn(5) ? "\n" : "\r\n";
        if (!IsOneIn(4))
            return [IsOneIn(10) ? $"{code}{end}" : $"{code} {Any(_texts)}{end}"];
        var other = code == "226" ? 250 : 226;
        string[] inner = [$" {code} not yet", $"{other} inside", $"{code}-more", "421 not now", "", $"{code}0 x"];
        var between = Enumerable.Range(0, _random.Next(3)).Select(_ => $"{Any(inner)}{end}");
        return [$"{code}-{Any(_texts)}{end}", .. between, $"{code} {Any(_texts)}{end}"];
    }

    private string Command(string verb, string argument = "")
    {
        if (IsOneIn(6))
            verb = verb.ToLowerInvariant();
        var end = IsOneIn(4) ? "\n" : "\r\n";
        return argument.Length == 0 ? $"{verb}{end}" : $"{verb}{(IsOneIn(8) ? "  " : " ")}{argument}{end}";
    }
}
