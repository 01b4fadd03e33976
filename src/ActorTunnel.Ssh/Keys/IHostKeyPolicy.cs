namespace ActorTunnel.Ssh.Keys;

/// <summary>Decides whether a server's host key is the right one.</summary>
public interface IHostKeyPolicy
{
    /// <summary>
    /// Key types (<see cref="PublicKey.Type"/>) already known for this host: their algorithms are proposed first, so that a known
    /// host is not met with an unknown key of another type. Types of certificates are among them where an authority is known, and only
    /// then are certificates asked for.
    /// </summary>
    IReadOnlyList<string> KnownKeyTypes { get; }

    /// <summary>
    /// Completes when the key is accepted. Called once per connection, after the server has proved that it has the key. Of a
    /// <see cref="Certificate"/> of a host it is proved that the server has the certified key and that the authority it names has signed
    /// it: all else is to be checked here, and first of all that it is one of a host.
    /// </summary>
    /// <exception cref="SshException"><see cref="SshFailure.HostKeyUnknown"/> or <see cref="SshFailure.HostKeyChanged"/>.</exception>
    ValueTask CheckAsync(PublicKey key, CancellationToken cancellationToken);
}
