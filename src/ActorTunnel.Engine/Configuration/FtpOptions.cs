using System.Collections.Frozen;
using System.Net;

namespace ActorTunnel.Engine.Configuration;

/// <summary>How FTP is carried: its data connections, its uploads, and what clients may do.</summary>
public sealed record FtpOptions
{
    /// <summary>Of <see cref="SessionIdle"/>, unless something else is said.</summary>
    public static readonly TimeSpan DefaultSessionIdle = TimeSpan.FromHours(1);

    /// <summary>Local ports for passive data connections; null lets the system choose.</summary>
    public PortRange? DataPorts { get; init; }

    /// <summary>
    /// The address that clients are told for passive data connections, when it is not the one their control connection uses.
    /// </summary>
    public IPAddress? AdvertiseAddress { get; init; }

    /// <summary>Where passive data connections go to on the far side.</summary>
    public PassiveAddress PassiveAddress { get; init; } = PassiveAddress.ControlHost;

    /// <summary>
    /// For <see cref="PassiveAddress.Map"/>: by what name or address a host is reached that a 227 names. One that is not in it is taken for
    /// the host of the control connection.
    /// </summary>
    public IReadOnlyDictionary<IPAddress, string> PassiveAddressMap { get; init; } = FrozenDictionary<IPAddress, string>.Empty;

    /// <summary>How the server's end of an active client's data connections is made.</summary>
    public ServerDataMode DataMode { get; init; } = ServerDataMode.Auto;

    /// <summary>
    /// Of clients on this machine: data connections that they make, also by a proxy of this program, must belong to the user (uid) whose the
    /// control connection is. Nothing where that cannot be known: on other systems than Linux, for clients on other machines or in other
    /// network namespaces (containers), and for what comes through an SSH server.
    /// </summary>
    public bool DataPeerUid { get; init; }

    /// <summary>What becomes of <c>AUTH TLS</c> (RFC 4217).</summary>
    public AuthTls AuthTls { get; init; } = AuthTls.Refuse;

    /// <summary>
    /// After an upload in TYPE I and MODE S the server is asked for the file's SIZE (RFC 3659, section 4); another one than was sent is a
    /// broken transfer.
    /// </summary>
    public bool VerifySize { get; init; }

    /// <summary>Under which name an upload lies on the server while it is not complete.</summary>
    public UploadName UploadName { get; init; } = UploadName.Final;

    /// <summary>
    /// A session that moves no byte for so long, neither of commands nor of data, ends; null: never. Not one that is carried unread
    /// (<see cref="AuthTls.Transparent"/>): its data is not seen.
    /// </summary>
    public TimeSpan? SessionIdle { get; init; } = DefaultSessionIdle;

    /// <summary>What clients may do.</summary>
    public FtpRestrictions Restrictions { get; init; } = new();
}

/// <summary>How the FTP server's end of a data connection is made for a client that asks for active mode (PORT, EPRT).</summary>
public enum ServerDataMode
{
    /// <summary>
    /// The server connects to a listener on the SSH server; and where that cannot be, its passive mode serves the client: when the SSH
    /// server refuses the listener, or the FTP server is not on its host or refuses PORT.
    /// </summary>
    Auto,

    /// <summary>The server connects to a listener on the SSH server, or there is no data connection.</summary>
    Active,

    /// <summary>The server's passive mode, always: the SSH server is never asked to listen.</summary>
    Passive,
}

/// <summary>What becomes of <c>AUTH TLS</c>.</summary>
public enum AuthTls
{
    /// <summary>It is answered 534: the SSH tunnel protects the connection, and commands stay readable for it.</summary>
    Refuse,

    /// <summary>
    /// It goes to the server. When that agrees, the control connection is carried unread from then on, and data connections that the
    /// server opens or announces are not forwarded for it any more.
    /// </summary>
    Transparent,
}

/// <summary>Under which name an upload lies on the server while it is not complete.</summary>
public enum UploadName
{
    /// <summary>The one that the client gives it, as FTP has it.</summary>
    Final,

    /// <summary>
    /// Another one in the same directory; when all of it has arrived it is renamed. Only STOR without REST: APPE and REST go on with a file
    /// that is there, and for STOU the server chooses.
    /// </summary>
    Temporary,
}

/// <summary>Ports from <paramref name="Low"/> to <paramref name="High"/>, both included; 1..65535.</summary>
public readonly record struct PortRange(int Low, int High);

/// <summary>Which host a passive data connection goes to.</summary>
public enum PassiveAddress
{
    /// <summary>The host of the control connection, by the same name: servers often announce an address that nobody can reach.</summary>
    ControlHost,

    /// <summary>The address in the server's 227 reply.</summary>
    Reply,

    /// <summary>What <see cref="FtpOptions.PassiveAddressMap"/> says of the address in the server's 227 reply.</summary>
    Map,
}
