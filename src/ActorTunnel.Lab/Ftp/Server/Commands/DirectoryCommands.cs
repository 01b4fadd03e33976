using System.Globalization;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Lab.Ftp.Storage;

namespace ActorTunnel.Lab.Ftp.Server.Commands;

/// <summary>Names and directories: RFC 959 section 4.1.3; SIZE, MDTM and MLST in RFC 3659.</summary>
internal static class DirectoryCommands
{
    private const string NoSuchPath = "550 No such file or directory.";
    private const string BadName = "553 Names are UTF-8 without control characters.";

    public static string Pwd(FtpSessionState session, FtpCommand command) =>
        $"257 {Quote(session.Directory)} is the current directory.";

    public static string Cwd(FtpSessionState session, FtpCommand command)
    {
        if (!FtpPath.TryResolve(session.Directory, command.Argument, out var path)
            || session.Storage.Find(path) is not { IsDirectory: true })
            return "550 No such directory.";
        session.Directory = path;
        return "250 Directory changed.";
    }

    public static string Cdup(FtpSessionState session, FtpCommand command)
    {
        session.Directory = FtpPath.Parent(session.Directory);
        return "250 Directory changed.";
    }

    public static string Mkd(FtpSessionState session, FtpCommand command)
    {
        if (!TryName(session, command, out var path))
            return BadName;
        session.Storage.CreateDirectory(path);
        return $"257 {Quote(path)} created.";
    }

    public static string Rmd(FtpSessionState session, FtpCommand command)
    {
        if (!TryName(session, command, out var path))
            return BadName;
        session.Storage.DeleteDirectory(path);
        return "250 Directory removed.";
    }

    public static string Dele(FtpSessionState session, FtpCommand command)
    {
        if (!TryName(session, command, out var path))
            return BadName;
        session.Storage.DeleteFile(path);
        return "250 File deleted.";
    }

    public static string Rnfr(FtpSessionState session, FtpCommand command)
    {
        if (!TryName(session, command, out var path) || session.Storage.Find(path) is null)
            return NoSuchPath;
        session.RenameSource = path;
        return "350 RNTO next.";
    }

    public static string Rnto(FtpSessionState session, FtpCommand command)
    {
        if (session.RenameSource is null)
            return "503 RNFR first.";
        if (!TryName(session, command, out var path))
            return BadName;
        session.Storage.Rename(session.RenameSource, path);
        return "250 Renamed.";
    }

    public static string Size(FtpSessionState session, FtpCommand command) => FindFile(session, command) is { } file
        ? string.Create(CultureInfo.InvariantCulture, $"213 {file.Length}")
        : NoSuchPath;

    public static string Mdtm(FtpSessionState session, FtpCommand command) => FindFile(session, command) is { } file
        ? $"213 {Listing.TimeValue(file.Modified)}"
        : NoSuchPath;

    public static string Mlst(FtpSessionState session, FtpCommand command) =>
        FtpPath.TryResolve(session.Directory, command.Argument, out var path) && session.Storage.Find(path) is { } entry
            ? $"250-Facts:\r\n {Listing.FactLine(entry, path)}\r\n250 End"
            : NoSuchPath;

    private static FtpEntry? FindFile(FtpSessionState session, FtpCommand command) =>
        FtpPath.TryResolve(session.Directory, command.Argument, out var path) && session.Storage.Find(path) is { IsDirectory: false } file
            ? file
            : null;

    /// <summary>A name that may be made, changed or removed: anything but the root, which is not the client's.</summary>
    private static bool TryName(FtpSessionState session, FtpCommand command, out string path) =>
        FtpPath.TryResolve(session.Directory, command.Argument, out path) && path != FtpPath.Root;

    /// <summary>RFC 959 appendix II: a quote in the name is doubled.</summary>
    private static string Quote(string path) => '"' + path.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
}
