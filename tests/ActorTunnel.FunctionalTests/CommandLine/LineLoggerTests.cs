using ActorTunnel.Cli.Output;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.FunctionalTests.CommandLine;

public sealed class LineLoggerTests
{
    [Theory]
    [InlineData(0, LogLevel.Warning)]
    [InlineData(1, LogLevel.Information)]
    [InlineData(2, LogLevel.Debug)]
    [InlineData(3, LogLevel.Trace)]
    [InlineData(9, LogLevel.Trace)]
    public void Each_v_lowers_the_level(int verbosity, LogLevel lowest)
    {
        using var loggers = new LineLoggerFactory(TextWriter.Null, verbosity, TimeProvider.System);
        var logger = loggers.CreateLogger("any");

        Assert.True(logger.IsEnabled(lowest));
        Assert.False(lowest > LogLevel.Trace && logger.IsEnabled(lowest - 1));
    }

    [Fact]
    public void An_event_is_one_line_whatever_a_peer_put_into_it() =>
        Assert.Equal("10:20:30.456 warn refused: evil  ?[31m\n", Write(0, "refused: evil\r\n\u001b[31m", null));

    [Fact]
    public void An_exception_is_its_message_and_with_v_its_stack_trace()
    {
        var exception = new IOException("reset\nby peer");

        Assert.Equal("10:20:30.456 warn lost: reset by peer\n", Write(0, "lost", exception));
        Assert.StartsWith("10:20:30.456 warn lost\nSystem.IO.IOException: reset", Write(1, "lost", exception), StringComparison.Ordinal);
    }

    private static string Write(int verbosity, string message, Exception? exception)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        using var loggers = new LineLoggerFactory(writer, verbosity, new FixedTime());
        loggers.CreateLogger("any").Log(LogLevel.Warning, default, message, exception, (state, _) => state);
        return writer.ToString();
    }

    private sealed class FixedTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 10, 20, 30, 456, TimeSpan.Zero);
    }
}
