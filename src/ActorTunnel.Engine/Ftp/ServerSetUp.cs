namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// In which words a server is asked for a data connection, given what it has refused in this session. They need not be the client's: PASV
/// and PORT are for IPv4 alone, EPSV and EPRT unknown to old servers, and client and server may differ in both (RFC 6384 has the like for
/// translators between IPv6 and IPv4).
/// </summary>
internal sealed class ServerSetUp
{
    private readonly HashSet<FtpVerb> _refused = [];

    /// <summary>The other command for the same.</summary>
    public static FtpVerb Other(FtpVerb verb) => verb switch
    {
        FtpVerb.Pasv => FtpVerb.Epsv,
        FtpVerb.Epsv => FtpVerb.Pasv,
        FtpVerb.Port => FtpVerb.Eprt,
        FtpVerb.Eprt => FtpVerb.Port,
        _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "It sets up no data connection."),
    };

    /// <summary>
    /// The server does not know the command, or not for its address family, so the other one may do. Pure-FTPd says 425 to PASV over IPv6,
    /// as all do when they have no port left: then the other fails too. Refusals that are about the session (421, 503, 530, 550) would only
    /// be repeated.
    /// </summary>
    public static bool IsUnable(FtpReply reply) => reply.Code is 425 or 500 or 501 or 502 or 504 or 522;

    public FtpVerb Choose(FtpVerb preferred) => _refused.Contains(preferred) ? Other(preferred) : preferred;

    /// <summary>The server has refused this one and taken the other: it is not asked again.</summary>
    public void Refuses(FtpVerb verb) => _refused.Add(verb);
}
