using System.Collections.Frozen;
using System.Net.Sockets;

namespace ActorTunnel.Lab.Ftp.Server.Commands;

/// <summary>The commands with a reply of their own. Transfers, ABOR and QUIT belong to the session's loop.</summary>
internal static class CommandTable
{
    private static readonly FrozenDictionary<string, CommandHandler> _handlers = new Dictionary<string, CommandHandler>
    {
        ["USER"] = AccessCommands.User,
        ["PASS"] = AccessCommands.Pass,
        ["ACCT"] = AccessCommands.Acct,
        ["REIN"] = AccessCommands.Rein,
        ["SYST"] = InformationCommands.Syst,
        ["FEAT"] = InformationCommands.Feat,
        ["HELP"] = InformationCommands.Help,
        ["NOOP"] = InformationCommands.Noop,
        ["STAT"] = InformationCommands.Stat,
        ["OPTS"] = ParameterCommands.Opts,
        ["TYPE"] = ParameterCommands.Type,
        ["MODE"] = ParameterCommands.Mode,
        ["STRU"] = ParameterCommands.Stru,
        ["REST"] = ParameterCommands.Rest,
        ["ALLO"] = ParameterCommands.Allo,
        ["PASV"] = DataPortCommands.Pasv,
        ["EPSV"] = DataPortCommands.Epsv,
        ["PORT"] = DataPortCommands.Port,
        ["EPRT"] = DataPortCommands.Eprt,
        ["PWD"] = DirectoryCommands.Pwd,
        ["CWD"] = DirectoryCommands.Cwd,
        ["CDUP"] = DirectoryCommands.Cdup,
        ["MKD"] = DirectoryCommands.Mkd,
        ["RMD"] = DirectoryCommands.Rmd,
        ["DELE"] = DirectoryCommands.Dele,
        ["RNFR"] = DirectoryCommands.Rnfr,
        ["RNTO"] = DirectoryCommands.Rnto,
        ["SIZE"] = DirectoryCommands.Size,
        ["MDTM"] = DirectoryCommands.Mdtm,
        ["MLST"] = DirectoryCommands.Mlst,
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> _withoutLogin =
        FrozenSet.Create("USER", "PASS", "ACCT", "REIN", "SYST", "FEAT", "HELP", "NOOP", "OPTS");

    public static string Execute(FtpSessionState session, ClientCommand command)
    {
        if (!_handlers.TryGetValue(command.Verb, out var handler))
            return "500 Unknown command.";
        if (!session.LoggedIn && !_withoutLogin.Contains(command.Verb))
            return "530 Log in with USER and PASS first.";

        try
        {
            return handler(session, command.Line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The exception's text may name a path of this machine, which is none of the client's business.
            return "550 Not possible.";
        }
        catch (SocketException)
        {
            return "425 No data port is free.";
        }
        finally
        {
            if (command.Verb != "RNFR")
                session.RenameSource = null;
        }
    }
}
