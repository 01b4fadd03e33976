using Microsoft.Extensions.Logging;

namespace ActorTunnel.Cli.Output;

/// <summary>
/// Logs one line per event to a writer. Microsoft.Extensions.Logging.Console could do it too, with ten more assemblies and a queue that
/// must be drained before the process ends.
/// </summary>
internal sealed class LineLoggerFactory(TextWriter writer, int verbosity, TimeProvider time) : ILoggerFactory
{
    private readonly LineLogger _logger = new(writer, LevelOf(verbosity), showStackTraces: verbosity > 0, time);

    public ILogger CreateLogger(string categoryName) => _logger;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("There is one output, standard error.");

    public void Dispose()
    {
    }

    private static LogLevel LevelOf(int verbosity) => verbosity switch
    {
        0 => LogLevel.Warning,
        1 => LogLevel.Information,
        2 => LogLevel.Debug,
        _ => LogLevel.Trace,
    };
}
