using ActorTunnel.Engine.Ftp;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.Ftp;

/// <summary>
/// Random pipelined dialogues, cut into random segments that cross each other on the way, against a model of a server. Every reply must
/// be paired with its command, everything must reach the client once and in order, and nothing may get stuck.
/// </summary>
public sealed class PipelinedDialogueTests
{
    private const int Dialogues = 500;

    private static readonly string[] _verbs =
        ["NOOP", "RETR", "RETR", "STOR", "PASV", "FEAT", "AUTH", "STAT", "ABOR", "ABOR", "QUIT", "REIN", "LIST"];

    private static readonly Arbitrary<string[]> _dialogues = Gen.Elements(_verbs).ArrayOf().ToArbitrary();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void B5_whatever_is_pipelined_is_paired_relayed_and_finished(bool answersAbortOnce, bool answersStatAtOnce) =>
        Prop.ForAll(_dialogues, ArbMap.Default.ArbFor<int>(), (verbs, seed) => Run(verbs, seed, answersAbortOnce, answersStatAtOnce))
            .Check(Seeded.Cases.WithMaxTest(Dialogues).WithEndSize(2 * CommandQueue.MaxQueued));

    private static void Run(string[] verbs, int seed, bool answersAbortOnce, bool answersStatAtOnce)
    {
        var random = new Random(seed);
        var lines = verbs.Select((verb, i) => $"{verb} {i}{(random.Next(2) == 0 ? "\r\n" : "\n")}");
        var unsent = string.Concat(lines);
        var server = new ModelServer(answersAbortOnce, answersStatAtOnce);
        var session = new ModelSession(server);

        // One thing that can happen is chosen at a time, until nothing can.
        while (true)
        {
            List<Action> possible = [];
            if (unsent.Length > 0)
                possible.Add(() => session.FromClient(Cut(ref unsent, random.Next(1, 40))));
            if (server.HasUnread)
                possible.Add(() => session.FromServer(server.TakeSaid(random.Next(1, 40))));
            if (server.CanAct)
                possible.Add(server.Act);
            if (server.IsTransferring)
                possible.Add(server.FinishTransfer);
            if (session.HoldsReply)
                possible.Add(() => session.DataDone(asksFirst: session.MayAsk && random.Next(2) == 0));
            if (possible.Count == 0)
                break;
            possible[random.Next(possible.Count)]();
        }

        Assert.Equal(WithoutInjected(server.Said), session.Relayed);
        AssertAllAnswered(verbs, session.Answered, answersAbortOnce);
        AssertOrder(verbs, session.Answered);
    }

    private static void AssertAllAnswered(string[] verbs, List<int> answered, bool answersAbortOnce)
    {
        Assert.Equal(answered.Count, answered.Distinct().Count());
        var unanswered = Enumerable.Range(0, verbs.Length).Except(answered).ToList();
        Assert.All(unanswered, i => Assert.True(answersAbortOnce && verbs[i] == "ABOR", $"{verbs[i]} {i} was never answered."));
    }

    /// <summary>
    /// ABOR and STAT may come early. Nothing may come after a later command that cannot overtake, but for one pair: what we answer
    /// ourselves does not wait for the second reply to an ABOR, which may never come.
    /// </summary>
    private static void AssertOrder(string[] verbs, List<int> answered)
    {
        var latest = -1;
        var latestOfServer = -1;
        foreach (var i in answered)
        {
            var bound = verbs[i] == "ABOR" ? latestOfServer : latest;
            Assert.True(i > bound, $"{verbs[i]} {i} was answered after {bound}.");
            if (verbs[i] is "ABOR" or "STAT")
                continue;
            latest = i;
            if (verbs[i] != "AUTH")
                latestOfServer = i;
        }
    }

    private static string WithoutInjected(string said) =>
        said.Replace($"213 {ModelServer.InjectedTag}\r\n", "", StringComparison.Ordinal);

    private static string Cut(ref string text, int count)
    {
        var head = text[..Math.Min(count, text.Length)];
        text = text[head.Length..];
        return head;
    }
}
