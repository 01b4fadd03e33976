using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Lab.Ftp.Server.Commands;

/// <summary>Where data connections are made: RFC 959 section 4.1.2, RFC 2428.</summary>
internal static class DataPortCommands
{
    private const string EpsvOnly = "501 After EPSV ALL there is only EPSV.";

    public static string Pasv(FtpSessionState session, FtpCommand command)
    {
        if (session.OnlyEpsv)
            return EpsvOnly;
        if (session.Local.AddressFamily != AddressFamily.InterNetwork)
            return "502 PASV is for IPv4, use EPSV.";

        var endPoint = Listen(session);
        return $"227 Entering Passive Mode ({HostPort.Format(endPoint)}).";
    }

    public static string Epsv(FtpSessionState session, FtpCommand command)
    {
        if (command.ArgumentIs("ALL"))
        {
            session.OnlyEpsv = true;
            return "200 Only EPSV from now on.";
        }

        var own = session.Local.AddressFamily == AddressFamily.InterNetwork ? "1" : "2";
        if (!command.ArgumentIs("") && !command.ArgumentIs(own))
            return $"522 Network protocol not supported, use ({own}).";
        return $"229 Entering Extended Passive Mode (|||{Listen(session).Port}|)";
    }

    public static string Port(FtpSessionState session, FtpCommand command) => Dial(session, command);

    public static string Eprt(FtpSessionState session, FtpCommand command) => Dial(session, command);

    private static string Dial(FtpSessionState session, FtpCommand command)
    {
        if (session.OnlyEpsv)
            return EpsvOnly;
        if (!ActiveCommand.TryParse(command, out var endPoint, out var refusal))
            return Encoding.UTF8.GetString(refusal.Bytes.Span).TrimEnd();
        if (!ActiveCommand.IsAllowed(endPoint, session.Peer))
            return "501 Data connections go to your own address and a port from 1024 up.";

        session.SetDataPort(new DialingDataPort(session.Local, endPoint));
        return "200 The server will connect there.";
    }

    private static IPEndPoint Listen(FtpSessionState session)
    {
        var port = new ListeningDataPort(session.Local, session.Peer);
        session.SetDataPort(port);
        return port.EndPoint;
    }
}
