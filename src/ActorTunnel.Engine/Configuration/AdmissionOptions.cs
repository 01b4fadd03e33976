using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Configuration;

/// <summary>
/// What one SSH server is asked to bear from this engine, whoever the users are: sshd counts by address, and a hub has one.
/// </summary>
public sealed record AdmissionOptions
{
    /// <summary>SSH connections to one server.</summary>
    public int MaxConnectionsPerServer { get; init; } = 1000;

    /// <summary>Connections that have not logged in yet; from the tenth on sshd drops some by default (MaxStartups 10:30:100).</summary>
    public int MaxConnecting { get; init; } = 8;

    /// <summary>How long a session waits for its turn.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Logins that may fail in short order; one more every <see cref="AuthenticationRecovery"/>. sshd shuts out an address that has
    /// gathered 15 s of penalty, 5 s for each (PerSourcePenalties).
    /// </summary>
    public int MaxAuthenticationFailures { get; init; } = 2;

    /// <summary>See <see cref="MaxAuthenticationFailures"/>.</summary>
    public TimeSpan AuthenticationRecovery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a credential that was refused is not shown to the server again.</summary>
    public TimeSpan RefusedCredentialTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <exception cref="TunnelException">A value is not possible.</exception>
    internal void Validate()
    {
        Limits.Check(MaxConnectionsPerServer is >= 1 and <= 100_000, "MaxConnectionsPerServer is a number from 1 to 100000");
        Limits.Check(MaxConnecting is >= 1 and <= 1000, "MaxConnecting is a number from 1 to 1000");
        Limits.Check(MaxWait > TimeSpan.Zero && MaxWait <= TimeSpan.FromHours(1), "MaxWait is a time up to an hour");
        Limits.Check(MaxAuthenticationFailures is >= 1 and <= 1000, "MaxAuthenticationFailures is a number from 1 to 1000");
        Limits.Check(
            AuthenticationRecovery > TimeSpan.Zero && AuthenticationRecovery <= TimeSpan.FromHours(1),
            "AuthenticationRecovery is a time up to an hour");
        Limits.Check(
            RefusedCredentialTime >= TimeSpan.Zero && RefusedCredentialTime <= TimeSpan.FromDays(1),
            "RefusedCredentialTime is a time up to a day");
    }
}
