using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Cli.CommandLine;

/// <summary>
/// Reads arguments as <c>ssh</c> does (POSIX getopt, with operands and options in any order). System.CommandLine 3.0 was tried and is
/// not used: it takes a leading ':' or '=' off an attached value, so that <c>-L:2121:host:21</c> (all interfaces) silently means
/// another address, it expands <c>@file</c>, and it loses the order across options that "the first value wins" needs.
/// </summary>
/// <param name="options">What the command knows.</param>
/// <param name="operand">Takes an argument that is no option.</param>
internal sealed class OptionTable<T>(IReadOnlyList<Option<T>> options, Action<T, string> operand)
{
    /// <summary>A word that looks like a long option with one dash is told apart from bundled letters up to so many slips.</summary>
    private const int MaxSlips = 2;

    /// <summary>Applies the arguments to <paramref name="target"/>, in their order.</summary>
    /// <exception cref="UsageException">An option is unknown, or its value is missing or cannot be used.</exception>
    public void Apply(IReadOnlyList<string> arguments, T target)
    {
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var argument))
        {
            if (argument == "--")
                break;
            if (argument.StartsWith("--", StringComparison.Ordinal))
                ApplyWord(argument, rest, target);
            else if (argument.Length > 1 && argument[0] == '-')
                ApplyLetters(argument, rest, target);
            else
                operand(target, argument);
        }

        foreach (var argument in rest)
            operand(target, argument);
    }

    private void ApplyWord(string argument, Queue<string> rest, T target)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var word = equals < 0 ? argument[2..] : argument[2..equals];
        var option = options.FirstOrDefault(o => o.Word == word) ?? throw UnknownWord(word);

        if (option.Value is null && equals >= 0)
            throw new UsageException($"--{word} takes no value");
        option.Apply(target, option.Value is null ? "" : equals >= 0 ? argument[(equals + 1)..] : NextValue(option, $"--{word}", rest));
    }

    private void ApplyLetters(string argument, Queue<string> rest, T target)
    {
        for (var i = 1; i < argument.Length; i++)
        {
            var option = options.FirstOrDefault(o => o.Letter == argument[i]) ?? throw UnknownLetter(argument, i);
            if (option.Value is null)
            {
                option.Apply(target, "");
                continue;
            }

            // What follows the letter in the same argument is the value, whatever it looks like.
            option.Apply(target, i + 1 < argument.Length ? argument[(i + 1)..] : NextValue(option, option.Name, rest));
            return;
        }
    }

    private static string NextValue(Option<T> option, string name, Queue<string> rest) =>
        rest.TryDequeue(out var value) ? value : throw new UsageException($"{name} needs a value: {name} {option.Value}");

    private IEnumerable<string> Words => options.Select(o => o.Word).OfType<string>();

    private UsageException UnknownWord(string word)
    {
        // Somebody who types --p means -p.
        if (options.FirstOrDefault(o => word.Length == 1 && o.Letter == word[0]) is { } option)
            return new UsageException($"unknown option --{word}; the nearest is {option.Name}");
        return new UsageException(
            $"unknown option --{PrintableText.OneLine(word)}"
            + (NearestName.Of(word, [.. Words]) is { } near ? $"; the nearest is --{near}" : ""));
    }

    private UsageException UnknownLetter(string argument, int index)
    {
        var word = argument[1..];
        if (word.Length > MaxSlips && NearestName.Of(word, [.. Words]) is { } nearest && NearestName.Distance(word, nearest) <= MaxSlips)
            return new UsageException($"unknown option {PrintableText.OneLine(argument)}; the nearest is --{nearest}");

        var letter = PrintableText.OneLine(argument[index].ToString());
        var known = options.Where(o => o.Letter is not null).ToList();
        return known.Find(o => char.ToUpperInvariant(o.Letter!.Value) == char.ToUpperInvariant(argument[index])) is { } other
            ? new UsageException($"unknown option -{letter}; the nearest is {other.Name}")
            : new UsageException($"unknown option -{letter}; known are {string.Join(' ', known.Select(o => o.Name))}");
    }
}
