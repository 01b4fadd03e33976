using System.Text;

namespace ActorTunnel.Engine.Tests.Sessions.Dialogues;

/// <summary>What a client and a server have in mind to say to each other.</summary>
/// <param name="Seed">Of the segments it is cut into.</param>
/// <param name="Greeting">Of the server.</param>
/// <param name="Turns">In the order of the client.</param>
/// <param name="Ending">When all is said.</param>
internal sealed record Dialogue(int Seed, string[] Greeting, IReadOnlyList<Turn> Turns, Ending Ending)
{
    /// <summary>The server has one reply for a transfer and its ABOR, not one for each (RFC 959, section 4.1.3).</summary>
    public bool AnswersAbortOnce { get; init; }

    /// <summary>A set-up command that the server does not know; empty: it knows all.</summary>
    public string Unknown { get; init; } = "";

    /// <summary>The server is asked to connect for an active client; otherwise its passive mode serves it.</summary>
    public bool IsActiveMode { get; init; }

    /// <summary>Uploads have a temporary name while they are not complete.</summary>
    public bool HasTemporaryNames { get; init; }

    public Dialogue Without(int first, int count) => this with { Turns = [.. Turns.Take(first), .. Turns.Skip(first + count)] };

    public override string ToString()
    {
        var text = new StringBuilder($"seed {Seed}, ABOR is answered {(AnswersAbortOnce ? "once" : "twice")}, "
            + $"{(IsActiveMode ? "active" : "passive")} mode, unknown: {Unknown}, "
            + $"{(HasTemporaryNames ? "temporary" : "final")} names, ends by {Ending}\n");
        text.Append("  ").AppendJoin("", Greeting.Select(Quoted)).Append('\n');
        foreach (var turn in Turns)
            text.Append("  ").Append(Describe(turn)).Append('\n');
        return text.ToString();
    }

    /// <summary>Of lines that are long for the sake of it the beginning is enough.</summary>
    private static string Short(string text) => text.Length > 1000 ? $"{Quoted(text[..40])}... {text.Length} bytes" : Quoted(text);

    public static string Quoted(string text) =>
        string.Concat(text.Select(letter => letter switch
        {
            '\r' => "\\r",
            '\n' => "\\n",
            < ' ' or > '~' => $"\\x{(int)letter:x2}",
            _ => $"{letter}",
        }));

    private static string Describe(Turn turn)
    {
        var answer = turn switch
        {
            Plain(_, var replies) => string.Concat(replies),
            Translated(_, _, var replies, _) => string.Concat(replies),
            Restart(_, var replies) => string.Concat(replies),
            AskPassive(_, _, var listens, var fails) => string.Concat(fails.Length > 0 ? fails : listens),
            OfferActive(_, var replies, var fails) => $"{string.Concat(replies)} or {string.Concat(fails)}",
            Abort(_, var replies) => string.Concat(replies),
            Stat(_, var replies) => string.Concat(replies),
            Quit(_, var replies) => string.Concat(replies),
            Refused(_, var code) => $"{code} of ours",
            Transfer transfer => $"{transfer.Story} {transfer.Bytes} {transfer.Renaming}{(transfer.ConnectsEarly ? " early" : "")} "
                + string.Concat([.. transfer.Begin, .. transfer.Final]),
            _ => "",
        };
        var unasked = string.Concat(turn.Unasked);
        return $"[{turn.Wait}] {turn.GetType().Name} {Short(turn.Line)} -> {Short(answer)}"
            + (unasked.Length > 0 ? $" unasked {Quoted(unasked)}" : "");
    }
}

internal enum Ending
{
    ClientLeaves,
    ClientResets,

    /// <summary>A command is cut off by the client's end of stream.</summary>
    ClientIsCutOff,
    ServerLeaves,
    ServerSays421,

    /// <summary>A reply is cut off by the server's end of stream.</summary>
    ServerIsCutOff,
    WireIsCut,
}
