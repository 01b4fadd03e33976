using System.Text.RegularExpressions;

namespace ActorTunnel.Engine.Tests.House;

/// <summary>
/// tests/CASES.md lists what an FTP tunnel must get right. A case without a test is a wish, a test without its case a riddle.
/// </summary>
public partial class CasesTests
{
    // The tests of the actors have a contract of their own, which is numbered too.
    private static readonly string[] _projects = ["ActorTunnel.Engine.Tests", "ActorTunnel.Ssh.Tests", "ActorTunnel.FunctionalTests"];

    private static readonly List<string> _listed =
        [.. Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "tests/CASES.md"))).Select(row => row.Groups[1].Value)];

    private static readonly HashSet<string> _tested =
    [
        .. from project in _projects
           from path in Repository.Sources($"tests/{project}")
           from Match test in Test().Matches(File.ReadAllText(path))
           select test.Groups[1].Value,
    ];

    [Fact]
    public void Each_case_has_a_number_of_its_own()
    {
        Assert.NotEmpty(_listed);
        Assert.Equal(_listed.Distinct(), _listed);
    }

    [Fact]
    public void Each_case_has_a_test() => Assert.Empty(_listed.Except(_tested));

    [Fact]
    public void Each_test_that_is_named_after_a_case_finds_it_listed() => Assert.Empty(_tested.Except(_listed));

    [GeneratedRegex(@"^\| ([A-Z]\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    // Public methods of these projects are tests: xUnit's analyzer sees to it.
    [GeneratedRegex(@"\bpublic (?:async )?(?:void|Task) ([A-Z]\d+)_\w+\(")]
    private static partial Regex Test();
}
