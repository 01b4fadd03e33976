using System.Globalization;
using ActorTunnel.Lab.Demo;
using ActorTunnel.Lab.Ftp;

namespace ActorTunnel.Cli.Demo;

/// <summary>The demo's words, the same in bars, lines and table.</summary>
internal static class DemoText
{
    private const long Mebibyte = 1024 * 1024;

    public static string Mode(DataMode mode) => mode switch
    {
        DataMode.Passive => "passive (PASV)",
        DataMode.ExtendedPassive => "extended passive (EPSV)",
        DataMode.Active => "active (PORT)",
        _ => "extended active (EPRT)",
    };

    public static string Size(long bytes) =>
        bytes < Mebibyte ? $"{bytes} B" : string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebibyte} MiB");

    public static string Describe(DemoStep step) => step.Operation == DemoOperation.List
        ? $"{Mode(step.Mode)}, list"
        : $"{Mode(step.Mode)}, {step.Operation.ToString().ToLowerInvariant()} of {Size(step.Size)}";
}
