using System.Text;
using ActorTunnel.Engine.ConfigurationFiles;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.ConfigurationFiles;

/// <summary>Whatever is in the file, what comes of it is a list of mistakes or a meaning, never an exception.</summary>
public class ConfigurationFuzzTests
{
    private static readonly byte[] _whole = Encoding.UTF8.GetBytes(Sample.Whole);

    [Fact]
    public void A_file_that_is_cut_anywhere_is_a_mistake()
    {
        for (var length = 0; length < _whole.Length; length++)
            Assert.Single(ConfigurationReader.Read(_whole.AsSpan(0, length)).Mistakes);
    }

    [Fact]
    public void Bytes_that_are_changed_anywhere_give_mistakes_or_a_meaning() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(int Place, byte Value)[]>(), changes =>
        {
            var text = _whole.ToArray();
            foreach (var (place, value) in changes)
                text[(uint)place % text.Length] = value;
            return IsJudged(text);
        }).Check(Seeded.Cases.WithMaxTest(300));

    [Fact]
    public void Parts_that_are_exchanged_give_mistakes_or_a_meaning()
    {
        // Each value in the place of each other: all types in all places.
        var parts = Sample.Whole.Split(",:[]{}\n".ToCharArray(), StringSplitOptions.TrimEntries).Distinct().ToArray();
        Prop.ForAll(Gen.Elements(parts).Two().ToArbitrary(), pair =>
            pair.Item1.Length == 0
            || IsJudged(Encoding.UTF8.GetBytes(Sample.Whole.Replace(pair.Item1, pair.Item2, StringComparison.Ordinal))))
            .Check(Seeded.Cases.WithMaxTest(300));
    }

    [Fact]
    public void Any_JSON_gives_mistakes_or_a_meaning()
    {
        string[] words = ["{", "}", "[", "]", ",", ":", "\"rules\"", "\"profiles\"", "\"action\"", "\"host\"", "\"block\"", "1", "null"];
        Prop.ForAll(Gen.Elements(words).ArrayOf().ToArbitrary(), all => IsJudged(Encoding.UTF8.GetBytes(string.Join(' ', all))))
            .Check(Seeded.Cases.WithMaxTest(300));
    }

    private static bool IsJudged(byte[] text)
    {
        var meaning = CheckedConfiguration.Of(ConfigurationReader.Read(text));
        return meaning.Mistakes.All(mistake => mistake.Line >= 1 && mistake.Text.Length > 0);
    }
}
