using System.Globalization;
using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Cli.CommandLine;

/// <summary>TCP ports as people write them.</summary>
internal static class PortNumber
{
    private const int Highest = 65535;

    /// <summary>Reads a port from <paramref name="lowest"/> to 65535.</summary>
    public static bool TryParse(string text, int lowest, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port >= lowest && port <= Highest;

    /// <summary>Reads the value of the option or keyword <paramref name="name"/>.</summary>
    public static int Parse(string name, string text) => TryParse(text, 1, out var port)
        ? port
        : throw new UsageException($"{name} needs a port from 1 to {Highest}, not {PrintableText.Quote(text)}");

    /// <summary>Reads <c>lo-hi</c>.</summary>
    public static PortRange ParseRange(string name, string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && TryParse(text[..dash], 1, out var low) && TryParse(text[(dash + 1)..], low, out var high)
            ? new PortRange(low, high)
            : throw new UsageException(
                $"{name} needs two ports, the lower first, as in {name}=50000-50099, not {PrintableText.Quote(text)}");
    }
}
