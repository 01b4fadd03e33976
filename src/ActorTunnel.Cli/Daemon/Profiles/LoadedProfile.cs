using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Cli.Daemon.Profiles;

/// <summary>A profile as it was loaded.</summary>
/// <param name="Template">What rules and tunnels use.</param>
/// <param name="Stamp">All that it was made of, but for secrets: with the same stamp it is the same profile.</param>
/// <param name="Via">The jump host's; null: there is none.</param>
/// <param name="Retired">Cancelled when the configuration does not have it any more.</param>
internal sealed record LoadedProfile(ProfileTemplate Template, string Stamp, LoadedProfile? Via, CancellationTokenSource Retired);
