using System.Text.Json;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>A value of a JSON file, and where it stands.</summary>
/// <param name="Kind">Start of an object or a list, or what the scalar is.</param>
/// <param name="Line">From 1.</param>
/// <param name="Path">As in <c>rules[2].ports</c>.</param>
internal sealed record JsonTree(JsonTokenType Kind, int Line, string Path)
{
    /// <summary>Of text, without its quotes; of a number, as it stands.</summary>
    public string Text { get; init; } = "";

    /// <summary>Of an object, in their order; the same name may stand twice.</summary>
    public List<(string Name, JsonTree Value)> Members { get; } = [];

    /// <summary>Of a list.</summary>
    public List<JsonTree> Items { get; } = [];

    public string PathOf(string name) => Join(Path, name);

    public static string Join(string path, string name) =>
        name.Length == 0 || !name.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '$') ? $"{path}['{name}']"
        : path.Length == 0 ? name
        : $"{path}.{name}";

    /// <summary>For messages.</summary>
    public string KindName => Kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };
}
