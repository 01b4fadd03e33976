using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>
/// Makes the records of a tree by their contract in <see cref="ConfigurationJson"/>. What is wrong is a mistake, its property keeps its
/// default, and reading goes on.
/// </summary>
internal sealed class SectionBinder(MistakeList mistakes)
{
    public T Bind<T>(JsonTree tree)
        where T : class => (T?)Section(tree, ConfigurationJson.Options.GetTypeInfo(typeof(T)))
            ?? (T)ConfigurationJson.Options.GetTypeInfo(typeof(T)).CreateObject!();

    /// <summary>Null: it is a mistake.</summary>
    private object? Value(JsonTree tree, Type type, bool numberToo)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var contract = ConfigurationJson.Options.GetTypeInfo(type);
        return contract.Kind switch
        {
            JsonTypeInfoKind.Object => Section(tree, contract),
            JsonTypeInfoKind.Dictionary => Dictionary(tree, contract.ElementType!),
            JsonTypeInfoKind.Enumerable => List(tree, contract.ElementType!, numberToo),
            _ when type.IsEnum => Choice(tree, type),
            _ when type == typeof(int) => Number(tree),
            _ when type == typeof(bool) => Flag(tree),
            _ => Text(tree, numberToo),
        };
    }

    private object? Section(JsonTree tree, JsonTypeInfo contract)
    {
        if (tree.Kind != JsonTokenType.StartObject)
            return Wrong(tree, "an object in { }");
        var section = contract.CreateObject!();
        var seen = new Dictionary<string, int>();
        foreach (var (name, value) in tree.Members)
        {
            var property = contract.Properties.FirstOrDefault(property => property.Name == name);
            if (property is null)
                mistakes.AddUnknown(value.Line, tree.Path, value.Path, mistakes.IsFull ? "" : UnknownKeys.Describe(name, contract));
            else if (!seen.TryAdd(name, value.Line))
                mistakes.Add(value.Line, tree.Path, $"'{name}' stands in line {seen[name]} already: leave one out", value.Path);
            else if (Value(value, property.PropertyType, IsNumberToo(property)) is { } bound)
                property.Set!(section, bound);
        }

        var known = contract.Properties.Select(property => property.Name).ToList();
        var unknown = mistakes.IsFull ? [] : tree.Members.Select(member => member.Name).Except(known);
        var meant = unknown.Select(name => NearestName.Of(name, known)).ToList();
        foreach (var missing in contract.Properties.Where(
            property => property.IsRequired && !seen.ContainsKey(property.Name) && !meant.Contains(property.Name)))
        {
            var text = $"'{missing.Name}' is missing{Choices(missing.PropertyType)}";
            mistakes.Add(tree.Line, tree.Path, text, tree.PathOf(missing.Name));
        }

        return section;
    }

    private object? Dictionary(JsonTree tree, Type element)
    {
        if (tree.Kind != JsonTokenType.StartObject)
            return Wrong(tree, "an object in { }, with a name in front of each entry");
        var entries = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), element))!;
        foreach (var (name, value) in tree.Members)
        {
            if (name.Length == 0 || name.Any(char.IsControl))
                mistakes.Add(value.Line, value.Path, "a name is missing here, or has control characters in it");
            else if (entries.Contains(name))
                mistakes.Add(value.Line, value.Path, "this name is taken already: leave one out, or give it another");
            else if (Value(value, element, numberToo: false) is { } bound)
                entries.Add(name, bound);
        }

        return entries;
    }

    // One value is a list of one. A section that is none stays in its place, so that places in the list are those in the file.
    private object? List(JsonTree tree, Type element, bool numberToo)
    {
        var contract = ConfigurationJson.Options.GetTypeInfo(element);
        var isSection = contract.Kind == JsonTypeInfoKind.Object;
        if (isSection && tree.Kind != JsonTokenType.StartArray)
            return Wrong(tree, "a list in [ ]");
        var trees = tree.Kind == JsonTokenType.StartArray ? tree.Items : [tree];
        var values = trees.Select(item => Value(item, element, numberToo) ?? (isSection ? contract.CreateObject!() : null))
            .OfType<object>().ToArray();
        var list = Array.CreateInstance(element, values.Length);
        values.CopyTo(list, 0);
        return list;
    }

    private object? Choice(JsonTree tree, Type type)
    {
        var names = ConfigurationJson.NamesOf(type);
        var all = AllOf(type);
        if (tree.Kind != JsonTokenType.String)
            return Wrong(tree, $"one of {all}");
        if (names.FirstOrDefault(choice => choice.Name == tree.Text) is { Value: { } value })
            return value;
        mistakes.Add(tree.Line, tree.Path, $"{MistakeList.Quote(tree.Text)} is none of {all}"
            + NearestName.Hint(tree.Text, names.Select(choice => choice.Name)));
        return null;
    }

    private static string Choices(Type type) => type.IsEnum ? $": write one of {AllOf(type)}" : "";

    private static string AllOf(Type type) => string.Join(", ", ConfigurationJson.NamesOf(type).Select(choice => choice.Name));

    private object? Number(JsonTree tree) =>
        tree.Kind is JsonTokenType.Number or JsonTokenType.String
        && int.TryParse(tree.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : Wrong(tree, "a whole number");

    private object? Flag(JsonTree tree) => tree.Kind switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => Wrong(tree, "true or false, without quotes"),
    };

    private string? Text(JsonTree tree, bool numberToo)
    {
        if (tree.Kind == JsonTokenType.Number && numberToo)
            return tree.Text;
        if (tree.Kind != JsonTokenType.String)
            return (string?)Wrong(tree, numberToo ? "a number, or text in quotes" : "text in quotes");
        if (tree.Text.Length > 0 && !tree.Text.Any(char.IsControl))
            return tree.Text;
        mistakes.Add(tree.Line, tree.Path, tree.Text.Length == 0
            ? "this is empty: leave the key out, or write what it needs"
            : "there are control characters in this text");
        return null;
    }

    private object? Wrong(JsonTree tree, string expected)
    {
        mistakes.Add(tree.Line, tree.Path, tree.Kind == JsonTokenType.Null
            ? "null says nothing: leave the key out"
            : $"write {expected} here, not {(tree.Kind == JsonTokenType.Number ? tree.Text : tree.KindName)}");
        return null;
    }

    private static bool IsNumberToo(JsonPropertyInfo property) =>
        property.AttributeProvider?.IsDefined(typeof(NumberTooAttribute), inherit: true) == true;
}
