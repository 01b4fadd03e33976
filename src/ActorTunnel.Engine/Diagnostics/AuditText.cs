using System.Buffers;
using System.Globalization;
using System.Text;

namespace ActorTunnel.Engine.Diagnostics;

/// <summary>
/// Names that arrive as bytes in an encoding nobody tells: read as UTF-8, with a byte that is none as \xHH and a backslash as \\, so that
/// the bytes can always be found again. Control characters are the writer's matter.
/// </summary>
public static class AuditText
{
    /// <summary>The bytes as text.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var length);
            if (status != OperationStatus.Done)
            {
                foreach (var stray in bytes[..length])
                    text.Append(CultureInfo.InvariantCulture, $"\\x{stray:X2}");
            }
            else if (rune.Value == '\\')
            {
                text.Append(@"\\");
            }
            else
            {
                text.Append(rune.ToString());
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }
}
