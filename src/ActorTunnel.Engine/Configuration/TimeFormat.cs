namespace ActorTunnel.Engine.Configuration;

/// <summary>
/// Times as OpenSSH writes them (sshd_config(5), "TIME FORMATS"): numbers, each with a unit s, m, h, d or w, that are added up; a
/// number without a unit is seconds.
/// </summary>
public static class TimeFormat
{
    /// <summary>The longest time that can be given; .NET timers end at 49 days.</summary>
    private const long LongestSeconds = 30 * 24 * 60 * 60;

    /// <summary>For messages: what is expected.</summary>
    public const string Form = "a time of at most 30 days, as in 90 or 1m30s";

    /// <summary>Null: it is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Seconds(text) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static long? Seconds(string text)
    {
        if (text.Length == 0)
            return null;

        var total = 0L;
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            var number = 0L;
            for (; i < text.Length && char.IsAsciiDigit(text[i]) && number <= LongestSeconds; i++)
                number = (number * 10) + (text[i] - '0');
            if (i == start)
                return null;

            var unit = i == text.Length ? 1 : SecondsOf(text[i++]);
            total += number * unit;
            if (unit == 0 || total > LongestSeconds)
                return null;
        }

        return total;
    }

    private static int SecondsOf(char unit) => char.ToLowerInvariant(unit) switch
    {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        'w' => 7 * 24 * 60 * 60,
        _ => 0,
    };
}
