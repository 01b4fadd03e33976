using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>How the records are named in JSON: the one contract that the reader and the schema are made from.</summary>
internal static class ConfigurationJson
{
    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>As the file writes the values of an enumeration, in their order.</summary>
    public static IReadOnlyList<(string Name, object Value)> NamesOf(Type enumeration) =>
    [
        .. Enum.GetValues(enumeration).Cast<object>()
            .Select(value => (JsonSerializer.SerializeToElement(value, enumeration, Options).GetString()!, value)),
    ];

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.MakeReadOnly();
        return options;
    }
}
