using System.Text;
using System.Text.Json;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>Reads JSON with comments and trailing commas into a tree that knows its lines.</summary>
internal ref struct JsonTreeReader
{
    /// <summary>More than any configuration needs; a bound for what is read into memory.</summary>
    public const int MaxLength = 1 << 20;

    private const int MaxDepth = 16;

    private readonly ReadOnlySpan<byte> _text;
    private Utf8JsonReader _json;
    private int _line = 1;
    private int _counted;

    private JsonTreeReader(ReadOnlySpan<byte> text)
    {
        _text = text;
        _json = new Utf8JsonReader(text, new JsonReaderOptions
        {
            CommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            MaxDepth = MaxDepth,
        });
    }

    /// <summary>Null: the text is no JSON, which is then the one mistake.</summary>
    public static JsonTree? Read(ReadOnlySpan<byte> text, MistakeList mistakes)
    {
        if (text.Length > MaxLength)
        {
            mistakes.Add(1, "", $"the file is longer than {MaxLength} bytes");
            return null;
        }

        if (text.Trim(" \t\r\n"u8).IsEmpty)
        {
            mistakes.Add(1, "", "this is no JSON: the file is empty");
            return null;
        }

        var reader = new JsonTreeReader(text.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text);
        try
        {
            reader._json.Read();
            var root = reader.ReadValue("");
            reader._json.Read(); // Nothing may follow.
            return root;
        }
        catch (JsonException exception)
        {
            mistakes.Add((int)(exception.LineNumber ?? 0) + 1, "", $"this is no JSON: {Reason(exception)}");
        }
        catch (InvalidOperationException)
        {
            mistakes.Add(reader._line, "", "this text is not UTF-8, or has half of a surrogate pair in it");
        }

        return null;
    }

    private JsonTree ReadValue(string path)
    {
        var node = new JsonTree(_json.TokenType, Line(), path)
        {
            Text = _json.TokenType switch
            {
                JsonTokenType.String => _json.GetString()!,
                JsonTokenType.Number => Encoding.UTF8.GetString(_json.ValueSpan),
                _ => "",
            },
        };
        if (node.Kind == JsonTokenType.StartObject)
        {
            while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
            {
                Line();
                var name = _json.GetString()!;
                _json.Read();
                node.Members.Add((name, ReadValue(node.PathOf(name))));
            }
        }
        else if (node.Kind == JsonTokenType.StartArray)
        {
            while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
                node.Items.Add(ReadValue($"{path}[{node.Items.Count}]"));
        }

        return node;
    }

    private int Line()
    {
        var start = (int)_json.TokenStartIndex;
        _line += _text[_counted..start].Count((byte)'\n');
        _counted = start;
        return _line;
    }

    // The reader's own message ends with the position, which stands in front here.
    private static string Reason(JsonException exception)
    {
        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? exception.Message : exception.Message[..end]).TrimEnd('.')
            .Replace(", when isFinalBlock is true", "", StringComparison.Ordinal); // Of the reader's own, not of the file.
    }
}
