using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorTunnel.Engine.Diagnostics;

/// <summary>
/// One line each. The standard encoder writes everything but plain ASCII as \uXXXX: no name of a file can move a terminal's cursor, turn
/// its writing direction or begin a line.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditRecord))]
internal sealed partial class AuditJson : JsonSerializerContext;

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
