using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Ssh.Authentication.Agent;

/// <summary>One key or certificate whose private half an agent has.</summary>
/// <param name="Key">The public half.</param>
/// <param name="Comment">What its owner calls it, control characters removed.</param>
public sealed record AgentIdentity(PublicKey Key, string Comment);
