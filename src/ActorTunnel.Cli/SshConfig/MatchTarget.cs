namespace ActorTunnel.Cli.SshConfig;

/// <summary>What the criteria of Host and Match are compared with, as far as it is known when they are read.</summary>
/// <param name="Name">The host as it was named, or in the final pass as it is connected to.</param>
/// <param name="OriginalName">The host as it was named.</param>
/// <param name="IsFinal">Whether the files are read for the second time.</param>
internal sealed record MatchTarget(string Name, string OriginalName, bool IsFinal);
