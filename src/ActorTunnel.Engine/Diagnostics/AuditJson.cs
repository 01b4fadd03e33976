using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorTunnel.Engine.Diagnostics;

/// <summary>Audit records as lines of JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditRecord))]
internal sealed partial class AuditJson : JsonSerializerContext
{
    // It goes into a file, not into a page: who greps for a fingerprint or a name must find it as it is shown elsewhere.
    private static readonly JsonWriterOptions _legible = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The record and a line feed, in UTF-8. What is no text is written as \uXXXX: no name of a file can move a terminal's cursor, turn
    /// its writing direction or begin a line.
    /// </summary>
    public static void Append(IBufferWriter<byte> to, AuditRecord record)
    {
        var written = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(written, _legible))
            JsonSerializer.Serialize(json, record, Default.AuditRecord);

        // The encoder escapes control characters and line separators, but no format characters (Cf), such as U+202E, that have no glyph.
        var line = Encoding.UTF8.GetString(written.WrittenSpan);
        if (!Ascii.IsValid(line) && line.Any(IsFormat))
            line = string.Concat(line.Select(c => IsFormat(c) ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}") : $"{c}"));
        Encoding.UTF8.GetBytes(line, to);
        to.Write("\n"u8);
    }

    private static bool IsFormat(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.Format;
}

/// <summary>The word of <see cref="FailureTable"/>.</summary>
internal sealed class FailureWordConverter : JsonConverter<Failure>
{
    public override Failure Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var word = reader.GetString();
        foreach (var failure in Enum.GetValues<Failure>())
        {
            if (failure.Word() == word)
                return failure;
        }

        throw new JsonException($"'{word}' is no outcome.");
    }

    public override void Write(Utf8JsonWriter writer, Failure value, JsonSerializerOptions options) => writer.WriteStringValue(value.Word());
}
