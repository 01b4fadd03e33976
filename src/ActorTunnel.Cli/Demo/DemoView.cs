using System.Globalization;
using ActorTunnel.Lab.Demo;
using Spectre.Console;

namespace ActorTunnel.Cli.Demo;

/// <summary>Shows the demo: bars while it works on a terminal, a line for each step otherwise; the table of results at the end.</summary>
internal sealed class DemoView(IAnsiConsole console)
{
    private const double Mebibyte = 1024 * 1024;

    /// <summary>Runs the demo. True when every step went well.</summary>
    public async Task<bool> ShowAsync(DemoRun demo, CancellationToken cancellationToken)
    {
        var results = console.Profile.Capabilities is { Interactive: true, Ansi: true }
            ? await ShowLiveAsync(demo, cancellationToken)
            : await demo.RunAsync(new DemoLines(console), cancellationToken);

        console.Write(Table(results));
        foreach (var result in results.Where(result => !result.IsGood))
            console.MarkupLineInterpolated($"[red]{DemoText.Describe(result.Step)}: {result.Problem}[/]");

        var good = results.All(result => result.IsGood);
        console.MarkupLine(good
            ? $"[green]All {results.Count} transfers arrived unchanged.[/]"
            : $"[red]{results.Count(result => !result.IsGood)} of {results.Count} transfers failed.[/]");
        return good;
    }

    private static Table Table(IReadOnlyList<DemoResult> results)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("Mode", "Operation");
        foreach (var title in new[] { "Size", "Time", "Rate" })
            table.AddColumn(new TableColumn(title).RightAligned());
        table.AddColumn("SHA-256");
        foreach (var result in results)
        {
            table.AddRow(
                DemoText.Mode(result.Step.Mode),
                result.Step.Operation.ToString(),
                result.Step.Operation == DemoOperation.List ? "" : DemoText.Size(result.Step.Size),
                string.Create(CultureInfo.InvariantCulture, $"{result.Duration.TotalMilliseconds:0} ms"),
                result.Step.Size == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{result.Rate / Mebibyte:0} MiB/s"),
                (result.IsGood, result.Step.Operation) switch
                {
                    (false, _) => "[red]failed[/]",
                    (_, DemoOperation.List) => "",
                    _ => "[green]equal[/]",
                });
        }

        return table;
    }

    private Task<IReadOnlyList<DemoResult>> ShowLiveAsync(DemoRun demo, CancellationToken cancellationToken) =>
        console.Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new TransferSpeedColumn())
            .StartAsync(context => demo.RunAsync(new DemoBars(context, demo.Steps), cancellationToken));
}
