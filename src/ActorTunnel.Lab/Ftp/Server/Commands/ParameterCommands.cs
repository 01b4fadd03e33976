using System.Globalization;
using System.Text;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Lab.Ftp.Server.Commands;

/// <summary>How files are sent: RFC 959 sections 4.1.2 and 4.1.3, REST in RFC 3659 section 5.</summary>
internal static class ParameterCommands
{
    public static string Opts(FtpSessionState session, FtpCommand command) =>
        Text(command).StartsWith("UTF8", StringComparison.OrdinalIgnoreCase) ? "200 Names are always UTF-8." : "501 No such option.";

    /// <summary>ASCII is accepted and changes nothing: files go through byte for byte, as vsftpd has it by default.</summary>
    public static string Type(FtpSessionState session, FtpCommand command) => Text(command).ToUpperInvariant() switch
    {
        "A" or "A N" or "I" or "L 8" => "200 Type set.",
        _ => "504 Types are A and I.",
    };

    public static string Mode(FtpSessionState session, FtpCommand command) =>
        command.ArgumentIs("S") ? "200 Stream mode." : "504 Only stream mode.";

    public static string Stru(FtpSessionState session, FtpCommand command) =>
        command.ArgumentIs("F") ? "200 File structure." : "504 Only file structure.";

    public static string Rest(FtpSessionState session, FtpCommand command)
    {
        if (!long.TryParse(Text(command), NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
            return "501 REST takes a byte offset.";
        session.RestartOffset = offset;
        return $"350 Restarting at {offset}.";
    }

    public static string Allo(FtpSessionState session, FtpCommand command) => "202 No space has to be reserved.";

    private static string Text(FtpCommand command) => Encoding.ASCII.GetString(command.Argument).Trim();
}
