namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>How a program ended and what it said, in order, on both of its outputs.</summary>
public sealed record Outcome(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    /// <summary>Everything it said; for people.</summary>
    public override string ToString() =>
        $"exit code {ExitCode}{System.Environment.NewLine}{string.Join(System.Environment.NewLine, Output.Concat(Errors))}";

    /// <summary>Fails, with everything the program said, unless it ended well.</summary>
    public Outcome Succeeded()
    {
        Assert.True(ExitCode == 0, ToString());
        return this;
    }
}
