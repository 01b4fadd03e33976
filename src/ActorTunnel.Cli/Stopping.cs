using ActorTunnel.Cli.Output;
using ActorTunnel.Engine;

namespace ActorTunnel.Cli;

/// <summary>The end that a signal asks for.</summary>
internal static class Stopping
{
    /// <summary>What transfers in progress get after the first signal.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Stops the engine; who waits for it is told why, if it will take its time.</summary>
    /// <exception cref="OperationCanceledException">There was a second signal.</exception>
    public static async Task StopAsync(TunnelEngine engine, CommandOutput output, StopSignals signals)
    {
        var sessions = (await engine.GetSessionsAsync(signals.StopAtOnce)).Count;
        if (sessions > 0)
        {
            var (who, whose, them) = sessions == 1 ? ("1 session gets", "its", "it") : ($"{sessions} sessions get", "their", "them");
            output.Report($"stopping: {who} {Grace.TotalSeconds:0} s for {whose} transfers; a second signal ends {them} at once");
        }

        await engine.StopAsync(Grace).WaitAsync(signals.StopAtOnce);
    }
}
