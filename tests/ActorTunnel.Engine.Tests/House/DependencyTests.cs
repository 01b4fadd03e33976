using System.Text.RegularExpressions;

namespace ActorTunnel.Engine.Tests.House;

/// <summary>Folders know only the folders below them: src/README.md, "Projects".</summary>
public partial class DependencyTests
{
    public static TheoryData<string, string> Folders { get; } = new()
    {
        { "ActorTunnel.Engine/Configuration", "" },
        { "ActorTunnel.Engine/Diagnostics", "Configuration" },
        { "ActorTunnel.Engine/Net", "Configuration Diagnostics" },
        { "ActorTunnel.Engine/Ftp", "Configuration Diagnostics" },
        { "ActorTunnel.Engine/Socks", "" },
        { "ActorTunnel.Engine/Rules", "Configuration" },
        { "ActorTunnel.Engine/ConfigurationFiles", "Configuration Diagnostics Rules" },
        { "ActorTunnel.Engine/Proxies", "Configuration Diagnostics Socks" },
        { "ActorTunnel.Engine/Tunnels", "Configuration Diagnostics Net Ftp Proxies" },
        { "ActorTunnel.Engine/Sessions", "Configuration Diagnostics Net Ftp Socks Rules Tunnels" },
        { "ActorTunnel.Engine/Entries", "Configuration Diagnostics Net Rules Tunnels Sessions" },
        { "ActorTunnel.Ssh/Wire", "" },
        { "ActorTunnel.Ssh/Messages", "Wire" },
        { "ActorTunnel.Ssh/Interop", "" },
        { "ActorTunnel.Ssh/Protection", "Wire Messages Interop" },
        { "ActorTunnel.Ssh/Transport", "Wire Messages Interop Protection" },
        { "ActorTunnel.Ssh/Keys", "Wire Messages Interop" },
        { "ActorTunnel.Ssh/KeyExchange", "Wire Messages Interop Protection Transport Keys" },
        { "ActorTunnel.Ssh/Authentication", "Wire Messages Interop Protection Transport Keys KeyExchange" },
        { "ActorTunnel.Ssh/Channels", "Wire Messages Interop Protection Transport Keys KeyExchange" },
    };

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_knows_only_those_below_it(string folder, string allowed)
    {
        if (!Directory.Exists(Path.Combine(Repository.Root, "src", folder)))
            return; // Not written yet.
        var parts = folder.Split('/');
        var known = allowed.Split(' ').Append(parts[1]).ToHashSet();
        var strangers =
            from path in Repository.Sources($"src/{folder}")
            from Match use in Regex.Matches(File.ReadAllText(path), $@"\b{Regex.Escape(parts[0])}\.(\w+)")
            let other = use.Groups[1].Value
            where Directory.Exists(Path.Combine(Repository.Root, "src", parts[0], other)) && !known.Contains(other)
            select $"{Path.GetFileName(path)} uses {other}";

        Assert.Empty(strangers.Distinct());
    }

    [Theory]
    [InlineData("ActorTunnel.Actors", "")]
    [InlineData("ActorTunnel.Ssh", "")]
    [InlineData("ActorTunnel.Engine", "Actors Ssh")]
    public void A_project_knows_only_those_below_it(string project, string allowed)
    {
        var known = allowed.Split(' ').Append(project["ActorTunnel.".Length..]).ToHashSet();
        var strangers =
            from path in Repository.Sources($"src/{project}")
            from Match use in AnyProject().Matches(File.ReadAllText(path))
            where !known.Contains(use.Groups[1].Value)
            select $"{Path.GetFileName(path)} uses {use.Groups[1].Value}";

        Assert.Empty(strangers.Distinct());
    }

    [Fact]
    public void Only_ActorRuntime_names_the_actor_library()
    {
        var others = Repository.Sources("src/ActorTunnel.Engine")
            .Where(path => !Path.GetFileName(path).StartsWith("ActorRuntime", StringComparison.Ordinal))
            .Where(path => File.ReadAllText(path).Contains("ActorTunnel.Actors;", StringComparison.Ordinal));

        Assert.Empty(others);
    }

    [GeneratedRegex(@"^(?:global )?using (?:\w+ = |static )?ActorTunnel\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex AnyProject();
}
