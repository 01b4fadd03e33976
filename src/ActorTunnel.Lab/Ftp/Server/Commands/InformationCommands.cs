using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Lab.Ftp.Server.Commands;

/// <summary>What the server tells of itself: RFC 959 section 4.1.3, FEAT in RFC 2389 section 3.</summary>
internal static class InformationCommands
{
    // The reply goes over the control connection in one piece: a directory beyond this is for LIST.
    private const int MaxStatEntries = 1000;

    public static string Syst(FtpSessionState session, FtpCommand command) => "215 UNIX Type: L8";

    public static string Feat(FtpSessionState session, FtpCommand command) => string.Join("\r\n",
        "211-Features:",
        " EPRT",
        " EPSV",
        " MDTM",
        " MLST type*;size*;modify*;",
        " REST STREAM",
        " SIZE",
        " TVFS",
        " UTF8",
        "211 End");

    public static string Help(FtpSessionState session, FtpCommand command) => "214 A lab server: RFC 959, 2389, 2428 and 3659.";

    public static string Noop(FtpSessionState session, FtpCommand command) => "200 OK";

    public static string Stat(FtpSessionState session, FtpCommand command)
    {
        if (command.Argument.Length == 0)
            return "211 Logged in, no transfer in progress.";

        var path = Listing.Resolve(session, command.Argument, out var error);
        if (path is null)
            return error;
        var lines = Listing.Entries(session, path).Take(MaxStatEntries).Select(entry => Listing.LongLine(entry, session.Options.Time));
        return string.Join("\r\n", ["213-Status:", .. lines, "213 End"]);
    }
}
