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

    /// <summary>Null: it is not there, or a mistake.</summary>
    public T? Read<T>(string path, string? text, Func<string, T> parse) =>
        text is not null && TryRead(path, text, parse, out var value) ? value : default;

    /// <summary>Those of the list that are right.</summary>
    public IReadOnlyList<T> ReadAll<T>(string path, IReadOnlyList<string> texts, Func<string, T> parse)
    {
        var result = new List<T>();
        for (var i = 0; i < texts.Count; i++)
        {
            if (TryRead(PathOf(path, i), texts[i], parse, out var value))
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

    // A list of one may stand without its brackets.
    private string PathOf(string path, int index) => IsSet($"{path}[{index}]") ? $"{path}[{index}]" : path;
}
