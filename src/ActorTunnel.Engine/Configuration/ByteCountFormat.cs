using System.Globalization;

namespace ActorTunnel.Engine.Configuration;

/// <summary>Numbers of bytes as OpenSSH writes them (ssh_config(5), "RekeyLimit"): K, M and G are powers of 1024.</summary>
public static class ByteCountFormat
{
    /// <summary>Null: it is none.</summary>
    public static long? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shift = text.Length == 0 ? 0 : char.ToUpperInvariant(text[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };
        var digits = shift == 0 ? text : text[..^1];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue >> shift
            ? number << shift
            : null;
    }
}
