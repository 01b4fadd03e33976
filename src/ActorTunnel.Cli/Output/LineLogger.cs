using System.Globalization;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Cli.Output;

/// <summary>Writes <c>HH:mm:ss.fff level message</c> (local time), each event in one call, so that lines never mix.</summary>
internal sealed class LineLogger(TextWriter writer, LogLevel lowest, bool showStackTraces, TimeProvider time) : ILogger
{
    public bool IsEnabled(LogLevel logLevel) => logLevel >= lowest && logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;

        var message = PrintableText.OneLine(formatter(state, exception));
        if (exception is not null)
            message += showStackTraces ? $"\n{exception}" : $": {PrintableText.OneLine(exception.Message)}";
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{time.GetLocalNow():HH:mm:ss.fff} {Word(logLevel)} {message}"));
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };
}
