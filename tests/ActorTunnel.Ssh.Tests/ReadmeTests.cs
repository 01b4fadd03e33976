using System.Text.RegularExpressions;
using ActorTunnel.Ssh.KeyExchange;

namespace ActorTunnel.Ssh.Tests;

/// <summary>src/ActorTunnel.Ssh/README.md lists what is offered, for people who audit.</summary>
public sealed partial class ReadmeTests
{
    public static TheoryData<string, string[]> Sections => new()
    {
        { "Key exchange", [.. SshAlgorithms.KeyExchanges] },
        { "Host keys and user keys", [.. SshAlgorithms.HostKeys] },
        { "Ciphers", [.. SshAlgorithms.Ciphers] },
        { "MACs", [.. SshAlgorithms.Macs] },
        { "Compression", [.. Proposal.ForClient(new(), []).ToMessage(isFirst: true).CompressionToServer] },
    };

    [Theory]
    [MemberData(nameof(Sections))]
    public void The_README_lists_exactly_what_is_offered_in_that_order(string title, string[] offered)
    {
        var section = Regex.Split(File.ReadAllText(Readme()), "^## ", RegexOptions.Multiline)
            .Single(text => text.StartsWith(title + "\n", StringComparison.Ordinal));
        Assert.Equal(offered, FirstCell().Matches(section).Select(match => match.Groups[1].Value));
    }

    private static string Readme()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ActorTunnel.sln")))
        {
            folder = folder.Parent
                ?? throw new InvalidOperationException("These tests look at the README: run them within the repository.");
        }

        return Path.Combine(folder.FullName, "src", "ActorTunnel.Ssh", "README.md");
    }

    [GeneratedRegex("^\\| `([^`]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex FirstCell();
}
