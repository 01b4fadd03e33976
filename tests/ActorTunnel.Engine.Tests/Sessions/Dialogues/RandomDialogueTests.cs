using System.Globalization;

namespace ActorTunnel.Engine.Tests.Sessions.Dialogues;

/// <summary>
/// Random dialogues between a client and a server, with a session between them: <see cref="Prediction"/> says what each must get to hear,
/// and what becomes of each transfer. The long run:
/// <c>ACTORTUNNEL_DIALOGUES=10000 dotnet test tests/ActorTunnel.Engine.Tests --filter RandomDialogue</c>.
/// </summary>
public class RandomDialogueTests
{
    private const int Few = 200;
    private const int FirstSeed = 1;

    // Most of the time is spent in waiting for one another.
    private const int AtOnce = 4;

    [Fact]
    public async Task Each_side_hears_what_was_predicted_and_nothing_broken_looks_whole()
    {
        var count = Environment.GetEnvironmentVariable("ACTORTUNNEL_DIALOGUES") is { } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : Few;
        var first = Environment.GetEnvironmentVariable("ACTORTUNNEL_FIRST_DIALOGUE") is { } seed
            ? int.Parse(seed, CultureInfo.InvariantCulture)
            : FirstSeed;

        await Parallel.ForAsync(
            first,
            first + count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (seed, _) => await CheckAsync(DialogueGenerator.Generate(seed)));
    }

    private static async Task CheckAsync(Dialogue dialogue)
    {
        try
        {
            await DialogueRun.PlayAsync(dialogue);
        }
        catch (Exception failure)
        {
            var least = await ShrinkAsync(dialogue);
            Assert.Fail($"{failure.Message}\n{dialogue}which fails even as\n{least}\n{failure.StackTrace}");
        }
    }

    /// <summary>Leaves out what can be left out, as far as it then still fails soon.</summary>
    private static async Task<Dialogue> ShrinkAsync(Dialogue dialogue)
    {
        for (var size = dialogue.Turns.Count / 2; size > 0; size /= 2)
        {
            for (var at = dialogue.Turns.Count - size; at >= 0; at -= size)
            {
                var less = dialogue.Without(at, size);
                if (await FailsAsync(less))
                    dialogue = less;
            }
        }

        return dialogue;
    }

    private static async Task<bool> FailsAsync(Dialogue dialogue)
    {
        try
        {
            await DialogueRun.PlayAsync(dialogue).WaitAsync(TimeSpan.FromSeconds(2), TimeProvider.System);
            return false;
        }
        catch (Exception)
        {
            return true;
        }
    }
}
