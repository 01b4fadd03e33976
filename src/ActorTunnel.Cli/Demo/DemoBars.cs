using ActorTunnel.Lab.Demo;
using ActorTunnel.Lab.Ftp;
using Spectre.Console;

namespace ActorTunnel.Cli.Demo;

/// <summary>A bar per mode, as long as the bytes of its files.</summary>
internal sealed class DemoBars(ProgressContext context, IReadOnlyList<DemoStep> steps) : IDemoObserver
{
    private readonly Dictionary<DataMode, ProgressTask> _bars = steps.GroupBy(step => step.Mode).ToDictionary(
        mode => mode.Key,
        mode => context.AddTask(Markup.Escape(DemoText.Mode(mode.Key)), autoStart: false, maxValue: mode.Sum(step => step.Size)));

    // Bytes of the mode's earlier steps. Steps come one after another, so nothing else writes it.
    private double _done;

    public void Started(DemoStep step)
    {
        var bar = _bars[step.Mode];
        if (!bar.IsStarted)
        {
            bar.StartTask();
            _done = 0;
        }
    }

    public void Progressed(DemoStep step, long bytes) => _bars[step.Mode].Value = _done + bytes;

    public void Ended(DemoResult result)
    {
        _done += result.Step.Size;
        _bars[result.Step.Mode].Value = _done;
    }
}
