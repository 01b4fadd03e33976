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
