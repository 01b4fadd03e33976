using System.Net;

namespace ActorTunnel.Engine.Configuration;

/// <summary>How FTP data channels are made.</summary>
public sealed record FtpOptions
{
    /// <summary>Local ports for passive data connections; null lets the system choose.</summary>
    public PortRange? DataPorts { get; init; }

    /// <summary>
    /// The address that clients are told for passive data connections, when it is not the one their control connection uses.
    /// </summary>
    public IPAddress? AdvertiseAddress { get; init; }

    /// <summary>Where passive data connections go to on the far side.</summary>
    public PassiveAddress PassiveAddress { get; init; } = PassiveAddress.ControlHost;

    /// <summary>Which data connections clients may ask for.</summary>
    public DataModes DataModes { get; init; } = DataModes.Any;

    /// <summary>What becomes of <c>AUTH TLS</c> (RFC 4217).</summary>
    public AuthTls AuthTls { get; init; } = AuthTls.Refuse;
}

/// <summary>Which data connections clients may ask for; others are answered 502, so that clients fall back.</summary>
public enum DataModes
{
    /// <summary>Passive and active.</summary>
    Any,

    /// <summary>PASV and EPSV.</summary>
    Passive,

    /// <summary>PORT and EPRT.</summary>
    Active,
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
    Pass,
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
}
