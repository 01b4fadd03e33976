using System.Security.Cryptography;
using System.Text;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Lab.Ftp.Server.Commands;

/// <summary>Who the client is: RFC 959 section 4.1.1.</summary>
internal static class AccessCommands
{
    public static string User(FtpSessionState session, FtpCommand command)
    {
        session.LoggedIn = false;
        session.User = Encoding.UTF8.GetString(command.Argument);
        return "331 Password, please.";
    }

    public static string Pass(FtpSessionState session, FtpCommand command)
    {
        if (session.LoggedIn)
            return "230 Already logged in.";
        if (session.User is null)
            return "503 USER first.";

        var known = session.Options.Users.TryGetValue(session.User, out var password);
        var matches = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(password ?? ""), command.Argument);
        command.Erase();
        session.User = null;
        if (known && matches)
        {
            session.LoggedIn = true;
            return "230 Logged in.";
        }

        session.FailedLogins++;
        return "530 Wrong name or password.";
    }

    public static string Acct(FtpSessionState session, FtpCommand command) => "202 No account is needed.";

    public static string Rein(FtpSessionState session, FtpCommand command)
    {
        session.Reset();
        return "220 Ready for a new user.";
    }
}
