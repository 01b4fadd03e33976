using System.ComponentModel;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>
/// The JSON Schema of the configuration file, for editors: made from the records that the reader fills, by the same contract.
/// </summary>
public static class ConfigurationSchema
{
    private static readonly JsonSerializerOptions _indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // It goes into a file, not into a page.
    };

    /// <summary>With a line feed at its end.</summary>
    public static string Text { get; } = Make();

    private static string Make()
    {
        var options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };
        var root = ConfigurationJson.Options.GetJsonSchemaAsNode(typeof(ConfigurationFile), options).AsObject();
        root.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        root.Insert(1, "title", "actortunnel.json");
        return root.ToJsonString(_indented) + "\n";
    }

    private static JsonObject Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        var node = schema.AsObject();
        RemoveNull(node);
        switch (context.TypeInfo.Kind)
        {
            case JsonTypeInfoKind.Object:
                node["additionalProperties"] = false;
                break;
            case JsonTypeInfoKind.Enumerable when node["items"] is JsonObject items && items["type"]?.GetValueKind() != JsonValueKind.Array:
                node = OneOrMany(node, items, IsNumberToo(context.PropertyInfo));
                break;
            case JsonTypeInfoKind.None when Underlying(context.TypeInfo.Type) == typeof(int):
                node["type"] = new JsonArray("integer", "string");
                node["pattern"] = "^[0-9]+$";
                break;
            case JsonTypeInfoKind.None when IsNumberToo(context.PropertyInfo):
                node["type"] = new JsonArray("string", "integer");
                break;
        }

        // A section is described where it stands; the file as a whole stands nowhere.
        var described = context.PropertyInfo?.AttributeProvider ?? (context.Path.IsEmpty ? context.TypeInfo.Type : null);
        if (described?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true) is [DescriptionAttribute { Description: var text }])
            node.Insert(0, "description", text);
        return node;
    }

    // As the reader: one value is a list of one, but a section is not.
    private static JsonObject OneOrMany(JsonObject list, JsonObject items, bool numberToo)
    {
        if (numberToo)
            items["type"] = new JsonArray("string", "integer");
        return items["properties"] is not null ? list : new JsonObject { ["anyOf"] = new JsonArray(items.DeepClone(), list.DeepClone()) };
    }

    // What is not said is left out: null is a mistake.
    private static void RemoveNull(JsonObject node)
    {
        if (node["type"] is JsonArray types)
        {
            var kept = types.Select(type => type!.GetValue<string>()).Where(type => type != "null").ToList();
            node["type"] = kept.Count == 1 ? kept[0] : new JsonArray([.. kept.Select(type => JsonValue.Create(type))]);
        }

        if (node["enum"] is JsonArray values && values.Contains(null))
            node["enum"] = new JsonArray([.. values.Where(value => value is not null).Select(value => value!.DeepClone())]);
    }

    private static bool IsNumberToo(JsonPropertyInfo? property) =>
        property?.AttributeProvider is MemberInfo member && member.IsDefined(typeof(NumberTooAttribute), inherit: true);

    private static Type Underlying(Type type) => Nullable.GetUnderlyingType(type) ?? type;
}
