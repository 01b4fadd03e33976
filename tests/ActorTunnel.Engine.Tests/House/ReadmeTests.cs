using System.Text.RegularExpressions;

namespace ActorTunnel.Engine.Tests.House;

/// <summary>src/README.md names types so that people find them: a name that is gone is a lie.</summary>
public partial class ReadmeTests
{
    // An option of sshd, a type of .NET.
    private static readonly string[] _notOurs = ["PermitOpen", "GatewayPorts", "TimeProvider"];

    // Folders and files are as good as types.
    private static readonly IEnumerable<string> _places = Directory
        .EnumerateFileSystemEntries(Path.Combine(Repository.Root, "src"), "*", SearchOption.AllDirectories)
        .Select(path => Path.GetFileNameWithoutExtension(path)!);

    [Fact]
    public void Every_type_named_in_the_README_exists()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "src/README.md"));
        var declared = Repository.Sources("src").SelectMany(path => Declaration().Matches(File.ReadAllText(path)))
            .SelectMany(match => match.Groups.Values.Skip(1)).Select(group => group.Value).Concat(_places).ToHashSet();

        var missing = Names().Matches(text).Select(match => match.Value)
            .Where(name => IsTypeOfOurs(name) && !declared.Contains(name) && !declared.Contains(name + "Actor"));

        Assert.Empty(missing.Distinct());
    }

    private static bool IsTypeOfOurs(string name) =>
        !name.StartsWith("ActorTunnel", StringComparison.Ordinal) && !_notOurs.Contains(name);

    // Two humps at least: one is any word at the beginning of a sentence. Not after a dot (members, files) and not before one or a path.
    [GeneratedRegex(@"(?<![\w.])I?[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+(?![\w/])")]
    private static partial Regex Names();

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum|delegate \S+)\s+(?:struct\s+|class\s+)?(\w+)|\b(?<![.\w])(\w+)\(")]
    private static partial Regex Declaration();
}
