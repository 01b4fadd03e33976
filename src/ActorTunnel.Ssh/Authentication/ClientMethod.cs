namespace ActorTunnel.Ssh.Authentication;

/// <summary>One credential's way through authentication.</summary>
internal abstract class ClientMethod
{
    /// <summary>Attempts with one credential: a server that always says "again" must not be answered for ever.</summary>
    public const int MaxAttempts = 16;

    /// <summary>As in SSH_MSG_USERAUTH_REQUEST.</summary>
    public abstract string Name { get; }

    /// <summary>What a person reads after a failure.</summary>
    public virtual string Description => Name;

    /// <summary>False when the credential turned out not to be usable and the server was not asked.</summary>
    public bool WasTried { get; protected set; }

    /// <summary>What it tells the server, when that is known before.</summary>
    public virtual Secret? Secret => null;

    /// <summary>The server has been told <see cref="Secret"/>.</summary>
    public bool HasTold { get; protected set; }

    public abstract ValueTask<AuthenticationResult> TryAsync(AuthenticationExchange exchange, CancellationToken cancellationToken);
}
