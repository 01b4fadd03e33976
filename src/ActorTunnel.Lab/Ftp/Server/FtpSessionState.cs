using System.Net;
using ActorTunnel.Lab.Ftp.Storage;

namespace ActorTunnel.Lab.Ftp.Server;

/// <summary>What one session remembers between commands. Only the session's loop touches it.</summary>
internal sealed class FtpSessionState(FtpServerOptions options, IPAddress local, IPAddress peer) : IDisposable
{
    public FtpServerOptions Options { get; } = options;

    public IFtpStorage Storage => Options.Storage;

    /// <summary>The control connection's own address: data connections use the same.</summary>
    public IPAddress Local { get; } = local;

    /// <summary>The control connection's peer: the only one data connections are made with.</summary>
    public IPAddress Peer { get; } = peer;

    public string? User { get; set; }

    public bool LoggedIn { get; set; }

    public int FailedLogins { get; set; }

    public string Directory { get; set; } = FtpPath.Root;

    /// <summary>Set by RNFR, used up by the next command.</summary>
    public string? RenameSource { get; set; }

    /// <summary>Set by REST, used up by the next transfer.</summary>
    public long RestartOffset { get; set; }

    /// <summary>Set by PASV, EPSV, PORT and EPRT, used up by the next transfer.</summary>
    public DataPort? DataPort { get; private set; }

    /// <summary>After EPSV ALL only EPSV makes data connections (RFC 2428 section 4).</summary>
    public bool OnlyEpsv { get; set; }

    /// <summary>The last command of several counts (RFC 959 section 3.2): the previous port closes.</summary>
    public void SetDataPort(DataPort? port)
    {
        DataPort?.Dispose();
        DataPort = port;
    }

    /// <summary>Hands the port to a transfer, which disposes it.</summary>
    public DataPort? TakeDataPort()
    {
        var port = DataPort;
        DataPort = null;
        return port;
    }

    /// <summary>REIN: everything but the connection starts afresh (RFC 959 section 4.1.1).</summary>
    public void Reset()
    {
        User = null;
        LoggedIn = false;
        Directory = FtpPath.Root;
        RenameSource = null;
        RestartOffset = 0;
        OnlyEpsv = false;
        SetDataPort(null);
    }

    public void Dispose() => SetDataPort(null);
}
