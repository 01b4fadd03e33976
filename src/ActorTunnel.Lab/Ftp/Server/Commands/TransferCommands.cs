using System.Text;
using ActorTunnel.Lab.Ftp.Storage;

namespace ActorTunnel.Lab.Ftp.Server.Commands;

/// <summary>The commands that need a data connection: RFC 959 section 4.1.3, MLSD in RFC 3659 section 7.</summary>
internal static class TransferCommands
{
    private const string NotReadable = "550 No such file, or not readable.";
    private const string NotWritable = "553 Not a name for a file here.";

    public static bool IsTransfer(string verb) => verb is "RETR" or "STOR" or "APPE" or "STOU" or "LIST" or "NLST" or "MLSD";

    /// <summary>Opens what is to be moved and says the 150 reply for it; null and the error's reply when it cannot be.</summary>
    public static TransferPlan? Prepare(FtpSessionState session, ClientCommand command, Func<bool> controlIsAlive, out string reply)
    {
        var offset = session.RestartOffset;
        session.RestartOffset = 0;
        if (!session.LoggedIn)
        {
            reply = "530 Log in with USER and PASS first.";
            return null;
        }

        if (session.DataPort is null)
        {
            reply = "425 PASV, EPSV, PORT or EPRT first.";
            return null;
        }

        try
        {
            return command.Verb switch
            {
                "RETR" => Retrieve(session, command, offset, out reply),
                "STOR" or "APPE" or "STOU" => Store(session, command, offset, controlIsAlive, out reply),
                _ => List(session, command, out reply),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The text of the exception may name a path of this machine, which is none of the client's business.
            reply = "550 Not possible.";
            return null;
        }
    }

    private static DownloadPlan? Retrieve(FtpSessionState session, ClientCommand command, long offset, out string reply)
    {
        reply = NotReadable;
        if (!FtpPath.TryResolve(session.Directory, command.Line.Argument, out var path)
            || session.Storage.Find(path) is not { IsDirectory: false } file)
            return null;

        reply = "554 The restart offset lies behind the end of the file.";
        if (offset > file.Length)
            return null;

        reply = $"150 {file.Length - offset} bytes follow.";
        return new DownloadPlan(command.Verb, path, session.Storage.OpenRead(path, offset));
    }

    private static UploadPlan? Store(
        FtpSessionState session, ClientCommand command, long offset, Func<bool> controlIsAlive, out string reply)
    {
        // RFC 1123 section 4.1.2.9: STOU tells the name in its 150 reply.
        var unique = command.Verb == "STOU" ? $"stou-{Guid.NewGuid():N}" : null;
        var argument = unique is null ? command.Line.Argument : Encoding.ASCII.GetBytes(unique);

        reply = NotWritable;
        if (!FtpPath.TryResolve(session.Directory, argument, out var path) || session.Storage.Find(path) is { IsDirectory: true })
            return null;

        if (command.Verb == "APPE")
            offset = session.Storage.Find(path)?.Length ?? 0;
        reply = unique is null ? "150 Send the file." : $"150 FILE: {unique}";
        return new UploadPlan(command.Verb, path, session.Storage.OpenWrite(path, offset), session.Options, controlIsAlive);
    }

    private static DownloadPlan? List(FtpSessionState session, ClientCommand command, out string reply)
    {
        var path = Listing.Resolve(session, command.Line.Argument, out reply);
        if (path is null)
            return null;

        var isFile = session.Storage.Find(path) is { IsDirectory: false };
        if (isFile && command.Verb == "MLSD")
        {
            reply = "501 MLSD lists directories; MLST is for files.";
            return null;
        }

        var lines = Listing.Entries(session, path).Select(entry => command.Verb switch
        {
            "LIST" => Listing.LongLine(entry, session.Options.Time),
            "MLSD" => Listing.FactLine(entry, entry.Name),
            _ => entry.Name,
        });
        reply = "150 The listing follows.";
        return new DownloadPlan(command.Verb, path, new MemoryStream(Listing.Encode(lines), writable: false));
    }
}
