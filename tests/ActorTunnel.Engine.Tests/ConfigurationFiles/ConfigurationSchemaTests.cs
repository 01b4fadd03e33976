using System.Text.Json;
using System.Text.Json.Nodes;
using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.Engine.Tests.House;

namespace ActorTunnel.Engine.Tests.ConfigurationFiles;

public class ConfigurationSchemaTests
{
    private const string Path = "src/ActorTunnel.Engine/ConfigurationFiles/actortunnel.schema.json";

    [Fact]
    public void The_schema_in_the_repository_is_made_from_the_records() => Assert.True(
        File.ReadAllText(System.IO.Path.Combine(Repository.Root, Path)) == ConfigurationSchema.Text,
        $"The records have changed. Run: dotnet run --project src/ActorTunnel.Cli -c Release -- check --schema > {Path}");

    [Fact]
    public void Every_key_has_a_description() =>
        Assert.Empty(Keys().Where(key => key.Schema["description"] is null).Select(key => key.Path));

    [Fact]
    public void The_whole_sample_has_every_key()
    {
        var sample = JsonNode.Parse(
            Sample.Whole,
            documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        Assert.DoesNotContain(Keys().Select(key => key.Path), path => !Has(sample, path.Split('/')[1..]));
    }

    [Fact]
    public void Null_is_nowhere_allowed() => Assert.DoesNotContain("null", ConfigurationSchema.Text, StringComparison.Ordinal);

    [Fact]
    public void One_value_may_stand_for_a_list_and_a_number_for_a_port()
    {
        var ports = JsonNode.Parse(ConfigurationSchema.Text)!["properties"]!["rules"]!["items"]!["properties"]!["ports"]!["anyOf"]!;
        Assert.Equal("""["string","integer"]""", ports[0]!["type"]!.ToJsonString());
        Assert.Equal("""["string","integer"]""", ports[1]!["items"]!["type"]!.ToJsonString());
        Assert.Equal("array", JsonNode.Parse(ConfigurationSchema.Text)!["properties"]!["rules"]!["type"]!.GetValue<string>());
    }

    private static IEnumerable<(string Path, JsonNode Schema)> Keys() => Keys(JsonNode.Parse(ConfigurationSchema.Text)!, "");

    private static IEnumerable<(string Path, JsonNode Schema)> Keys(JsonNode schema, string path)
    {
        foreach (var (name, value) in schema["properties"] as JsonObject ?? [])
        {
            yield return ($"{path}/{name}", value!);
            foreach (var key in Keys(value!, $"{path}/{name}"))
                yield return key;
        }

        foreach (var inner in new[] { schema["items"], schema["additionalProperties"] }.OfType<JsonObject>())
        {
            foreach (var key in Keys(inner, $"{path}/*"))
                yield return key;
        }
    }

    private static bool Has(JsonNode? node, string[] path) => path switch
    {
        [] => node is not null,
        ["*", .. var rest] when node is JsonArray list => list.Any(item => Has(item, rest)),
        ["*", .. var rest] => node is JsonObject all && all.Any(entry => Has(entry.Value, rest)),
        [var name, .. var rest] => node is JsonObject one && one.ContainsKey(name) && Has(one[name], rest),
    };
}
