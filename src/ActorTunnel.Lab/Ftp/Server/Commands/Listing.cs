using System.Globalization;
using System.Text;
using ActorTunnel.Lab.Ftp.Storage;

namespace ActorTunnel.Lab.Ftp.Server.Commands;

/// <summary>The lines of directory listings, and which path a listing command means.</summary>
internal static class Listing
{
    // ls shows the time of day for files up to half a year old and the year for others.
    private static readonly TimeSpan _recent = TimeSpan.FromDays(180);

    /// <summary>The path a listing command names; options as in <c>LIST -la</c> are skipped, as all servers do.</summary>
    public static string? Resolve(FtpSessionState session, ReadOnlySpan<byte> argument, out string error)
    {
        error = "550 No such file or directory.";
        while (argument.StartsWith("-"u8))
        {
            var space = argument.IndexOf((byte)' ');
            argument = space < 0 ? [] : argument[space..].TrimStart((byte)' ');
        }

        return FtpPath.TryResolve(session.Directory, argument, out var path) && session.Storage.Find(path) is not null ? path : null;
    }

    /// <summary>A directory's entries, or the one file that the path names.</summary>
    public static IReadOnlyList<FtpEntry> Entries(FtpSessionState session, string path) =>
        session.Storage.Find(path) is { IsDirectory: false } file ? [file] : session.Storage.List(path);

    /// <summary>A line as <c>ls -l</c> prints it, which is what clients parse in a LIST.</summary>
    public static string LongLine(FtpEntry entry, TimeProvider time)
    {
        var format = time.GetUtcNow() - entry.Modified < _recent ? "MMM dd HH:mm" : "MMM dd  yyyy";
        var modified = entry.Modified.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
        return $"{(entry.IsDirectory ? "drwxr-xr-x" : "-rw-r--r--")} 1 ftp ftp {entry.Length,12} {modified} {entry.Name}";
    }

    /// <summary>RFC 3659 section 7.2: facts, a space, the path name.</summary>
    public static string FactLine(FtpEntry entry, string name)
    {
        var type = entry.IsDirectory ? "type=dir;" : $"type=file;size={entry.Length};";
        return $"{type}modify={TimeValue(entry.Modified)}; {name}";
    }

    /// <summary>RFC 3659 section 2.3: time values are UTC.</summary>
    public static string TimeValue(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    public static byte[] Encode(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\r\n")));
}
