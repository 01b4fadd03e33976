using System.Globalization;
using ActorTunnel.Lab.Demo;
using Spectre.Console;

namespace ActorTunnel.Cli.Demo;

/// <summary>A line when a step is over, for a log or a pipe.</summary>
internal sealed class DemoLines(IAnsiConsole console) : IDemoObserver
{
    public void Started(DemoStep step)
    {
    }

    public void Progressed(DemoStep step, long bytes)
    {
    }

    public void Ended(DemoResult result)
    {
        var time = string.Create(CultureInfo.InvariantCulture, $"{result.Duration.TotalMilliseconds:0} ms");
        console.WriteLine($"{DemoText.Describe(result.Step)}: {(result.IsGood ? "ok" : "FAILED")}, {time}");
    }
}
