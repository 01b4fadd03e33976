namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>An SSH server that the tests can log in to.</summary>
public interface ISshLogin
{
    /// <summary>What to write after <c>actortunnel forward</c> to log in there.</summary>
    IEnumerable<string> LoginArguments { get; }
}
