using System.Net;

namespace ActorTunnel.Engine.Net;

/// <summary>Connecting was cancelled; tells what had been tried until then.</summary>
internal sealed class DialGivenUpException(IEnumerable<(IPAddress Address, string Outcome)> tried, OperationCanceledException stopped)
    : OperationCanceledException(stopped.Message, stopped, stopped.CancellationToken)
{
    /// <summary>In parentheses, to be put behind the name of the host.</summary>
    public string Tried { get; } = $" ({string.Join("; ", tried.Select(one => $"{one.Address}: {one.Outcome}"))})";

    /// <summary>The same of any exception: nothing, when no address has been tried yet or one has answered.</summary>
    public static string TriedUntil(Exception stopped) => (stopped as DialGivenUpException)?.Tried ?? "";
}
