using ActorTunnel.Ssh;

namespace ActorTunnel.Cli.Authentication;

/// <summary>Gives the password of a login without a person, in UTF-8; who asks zeroes it.</summary>
/// <exception cref="SshException"><see cref="SshFailure.CredentialUnusable"/>: it cannot be had; another credential may do.</exception>
internal delegate ValueTask<byte[]> PasswordSource(CancellationToken cancellationToken);
