using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>
/// Writes a configuration file as a person would: what is as it would be anyway is left out, lists of words stand in one line, and comments
/// stand at the place that they are about.
/// </summary>
public sealed class ConfigurationWriter
{
    private readonly StringBuilder _text = new();
    private readonly ILookup<string, string> _comments;

    private ConfigurationWriter(ILookup<string, string> comments) => _comments = comments;

    /// <summary>The text, with a line end.</summary>
    /// <param name="file">What is written.</param>
    /// <param name="comments">
    /// By the path of the object or list that they stand at the beginning of, as in <c>rules[2]</c>; empty: the file.
    /// </param>
    public static string Write(ConfigurationFile file, ILookup<string, string> comments)
    {
        var node = Shorten(JsonSerializer.SerializeToNode(file, ConfigurationJson.Options)!, typeof(ConfigurationFile));
        var paths = new HashSet<string>();
        Collect(node, "", paths);
        var placed = comments
            .SelectMany(group => group.Select(comment => (Path: Nearest(group.Key, paths), Comment: comment)))
            .ToLookup(comment => comment.Path, comment => comment.Comment);
        var writer = new ConfigurationWriter(placed);
        writer.Value(node, "", indent: 0);
        writer._text.Append('\n');
        return writer._text.ToString();
    }

    /// <summary>Without the properties that have the value they would have anyway.</summary>
    private static JsonNode Shorten(JsonNode node, Type type)
    {
        var contract = ConfigurationJson.Options.GetTypeInfo(type);
        switch (contract.Kind)
        {
            case JsonTypeInfoKind.Object:
                var usual = contract.CreateObject!();
                var shortened = new JsonObject();
                foreach (var property in contract.Properties)
                {
                    var value = node[property.Name];
                    var usually = JsonSerializer.SerializeToNode(property.Get!(usual), property.PropertyType, ConfigurationJson.Options);
                    if (value is not null && (property.IsRequired || !JsonNode.DeepEquals(value, usually)))
                        shortened.Add(property.Name, Shorten(value, property.PropertyType).DeepClone());
                }

                return shortened;
            case JsonTypeInfoKind.Dictionary:
                return new JsonObject(node.AsObject().Select(
                    entry => KeyValuePair.Create(entry.Key, (JsonNode?)Shorten(entry.Value!, contract.ElementType!).DeepClone())));
            case JsonTypeInfoKind.Enumerable:
                return new JsonArray([.. node.AsArray().Select(item => Shorten(item!, contract.ElementType!).DeepClone())]);
            default:
                return node;
        }
    }

    private static void Collect(JsonNode node, string path, HashSet<string> paths)
    {
        if (node is JsonValue)
            return;
        paths.Add(path);
        foreach (var (name, value) in node as JsonObject ?? [])
            Collect(value!, Inner(path, name), paths);
        for (var i = 0; i < (node as JsonArray)?.Count; i++)
            Collect(node[i]!, $"{path}[{i}]", paths);
    }

    /// <summary>A comment about something that is left out stands in what it would be part of.</summary>
    private static string Nearest(string path, HashSet<string> paths)
    {
        while (path.Length > 0 && !paths.Contains(path))
            path = path[..Math.Max(path.LastIndexOfAny(['.', '[']), 0)];
        return path;
    }

    private void Value(JsonNode node, string path, int indent)
    {
        switch (node)
        {
            case JsonObject section:
                var members = section.Select(member => (Quote(member.Key) + ": ", Inner(path, member.Key), member.Value!));
                Block('{', '}', path, indent, [.. members]);
                break;
            case JsonArray list when list.All(item => item is JsonValue) && !_comments.Contains(path):
                _text.Append('[').AppendJoin(", ", list.Select(item => Scalar(item!))).Append(']');
                break;
            case JsonArray list:
                Block('[', ']', path, indent, [.. list.Select((item, i) => ("", $"{path}[{i}]", item!))]);
                break;
            default:
                _text.Append(Scalar(node));
                break;
        }
    }

    private void Block(char begin, char end, string path, int indent, IReadOnlyList<(string Name, string Path, JsonNode Value)> members)
    {
        _text.Append(begin);
        if (members.Count == 0 && !_comments.Contains(path))
        {
            _text.Append(end);
            return;
        }

        indent++;
        foreach (var comment in _comments[path])
            Line(indent).Append("// ").Append(OneLine(comment));
        for (var i = 0; i < members.Count; i++)
        {
            Line(indent).Append(members[i].Name);
            Value(members[i].Value, members[i].Path, indent);
            if (i < members.Count - 1)
                _text.Append(',');
        }

        Line(indent - 1).Append(end);
    }

    private StringBuilder Line(int indent) => _text.Append('\n').Append(' ', 2 * indent);

    private static string Inner(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Scalar(JsonNode value) => value.GetValueKind() == JsonValueKind.String
        ? Quote(value.GetValue<string>())
        : value.ToJsonString();

    private static string Quote(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    // A comment ends with its line, whatever takes itself for a line's end.
    private static string OneLine(string text) =>
        string.Create(text.Length, text, (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
                to[i] = char.IsControl(from[i]) || from[i] is '\u2028' or '\u2029' ? ' ' : from[i];
        });
}
