using System.Text;
using System.Text.Unicode;

namespace ActorTunnel.Lab.Ftp.Storage;

/// <summary>Path names as clients send them, made absolute and free of dot segments, so that no name leads out of the root.</summary>
internal static class FtpPath
{
    public const string Root = "/";

    /// <summary>The longest path in bytes, as Linux has it (PATH_MAX).</summary>
    public const int MaxLength = 4096;

    /// <summary>
    /// Resolves a command's argument against the current directory. Names are UTF-8 (RFC 2640); control characters are refused, because a
    /// name comes back in replies and listings, where a line end would forge the next one.
    /// </summary>
    public static bool TryResolve(string directory, ReadOnlySpan<byte> argument, out string path)
    {
        path = Root;
        if (argument.Length > MaxLength || !Utf8.IsValid(argument))
            return false;

        var name = Encoding.UTF8.GetString(argument);
        if (name.Any(char.IsControl))
            return false;

        var segments = new List<string>();
        foreach (var segment in (name.StartsWith('/') ? name : directory + '/' + name).Split('/'))
        {
            if (segment is "" or ".")
                continue;
            if (segment != "..")
                segments.Add(segment);
            else if (segments.Count > 0)
                segments.RemoveAt(segments.Count - 1);
        }

        path = Root + string.Join('/', segments);
        return Encoding.UTF8.GetByteCount(path) <= MaxLength;
    }

    public static string Parent(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : Root;

    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];
}
