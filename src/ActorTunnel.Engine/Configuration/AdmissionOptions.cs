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
    /// gathered 15 s of penalty, 5 s for each (PerSourcePenalties). So many logins of credentials that have not been good before begin at
    /// once; each that succeeds lets two follow, and after one that fails it is so few again.
    /// </summary>
    public int MaxAuthenticationFailures { get; init; } = 2;

    /// <summary>See <see cref="MaxAuthenticationFailures"/>.</summary>
    public TimeSpan AuthenticationRecovery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a credential that was refused is not shown to the server again.</summary>
    public TimeSpan RefusedCredentialTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Which value is not possible; null: all are.</summary>
    internal string? Problem => this switch
    {
        { MaxConnectionsPerServer: < 1 or > 100_000 } => "MaxConnectionsPerServer is a number from 1 to 100000",
        { MaxConnecting: < 1 or > 1000 } => "MaxConnecting is a number from 1 to 1000",
        { MaxWait.Ticks: <= 0 } or { MaxWait.TotalHours: > 1 } => "MaxWait is a time up to an hour",
        { MaxAuthenticationFailures: < 1 or > 1000 } => "MaxAuthenticationFailures is a number from 1 to 1000",
        { AuthenticationRecovery.Ticks: <= 0 } or { AuthenticationRecovery.TotalHours: > 1 } =>
            "AuthenticationRecovery is a time up to an hour",
        { RefusedCredentialTime.Ticks: < 0 } or { RefusedCredentialTime.TotalDays: > 1 } => "RefusedCredentialTime is a time up to a day",
        _ => null,
    };
}
