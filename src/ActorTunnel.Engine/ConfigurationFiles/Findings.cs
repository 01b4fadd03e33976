using System.Diagnostics.CodeAnalysis;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>What is found while the meaning of a file is found out, value by value.</summary>
internal sealed class Findings(ConfigurationSource source)
{
    public MistakeList Mistakes { get; } = new();

    public MistakeList Warnings { get; } = new();

    public bool IsSet(string path) => source.Has(path);

    public void Mistake(string path, string text) => Mistakes.Add(source.LineOf(path), path, text);

    public void Warn(string path, string text) => Warnings.Add(source.LineOf(path), path, text);

    /// <summary>Whether the form of what the file says there, or within, is wrong already: then nothing more is to be said of it.</summary>
    public bool IsBroken(string path) => source.MistakeList.Touch(path);

    /// <summary>Whether nothing could be read there.</summary>
    public bool IsLost(string path) => source.MistakeList.Cover(path);

    /// <summary>
    /// Whether it is known what the file says there, if only that it says nothing. After a mistake, or beside a key that may be this one
    /// mistyped, it is not: what would follow from it is not to be said.
    /// </summary>
    public bool Knows(string section, string key)
    {
        var path = section.Length == 0 ? key : $"{section}.{key}";
        return !IsBroken(path) && (IsSet(path) || !source.MistakeList.IsUnsure(section));
    }

    /// <summary>Null: it is not there, or a mistake.</summary>
    public T? Read<T>(string path, string? text, Func<string, T> parse) =>
        text is not null && TryRead(path, text, parse, out var value) ? value : default;

    /// <summary>Those of the list that are right.</summary>
    public IReadOnlyList<T> ReadAll<T>(string path, IReadOnlyList<string> texts, Func<string, T> parse)
    {
        var result = new List<T>();
        foreach (var (place, text) in PlacesOf(path).Zip(texts))
        {
            if (TryRead(place, text, parse, out var value))
                result.Add(value);
        }

        return result;
    }

    public int Port(string path, int port)
    {
        if (port is < 1 or > 65535)
            Mistake(path, $"{port} is no port: write one from 1 to 65535");
        return port;
    }

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>; without one the default.</summary>
    public int Number(string path, int? number, int low, int high, int otherwise)
    {
        if (number is { } given && (given < low || given > high))
            Mistake(path, $"{given} is not from {low} to {high}");
        return number ?? otherwise;
    }

    public TimeSpan Time(string path, string? text, TimeSpan otherwise) =>
        text is null
            ? otherwise
            : Read(path, text, value => TimeFormat.Parse(value) ?? throw new FormatException($"write {TimeFormat.Form}"));

    private bool TryRead<T>(string path, string text, Func<string, T> parse, [MaybeNullWhen(false)] out T value)
    {
        try
        {
            value = parse(text);
            return true;
        }
        catch (FormatException exception)
        {
            Mistake(path, $"{MistakeList.Quote(text)}: {exception.Message}");
            value = default;
            return false;
        }
    }

    // A list of one may stand without its brackets, or be what holds when the file says nothing. What has no value is in no list.
    private IEnumerable<string> PlacesOf(string path) => IsSet($"{path}[0]")
        ? Enumerable.Range(0, int.MaxValue).Select(i => $"{path}[{i}]").TakeWhile(IsSet).Where(place => !IsBroken(place))
        : [path];
}
