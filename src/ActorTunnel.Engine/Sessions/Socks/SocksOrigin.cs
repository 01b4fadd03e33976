namespace ActorTunnel.Engine.Sessions.Socks;

/// <summary>The CONNECT that a session has come of: what its client's other connections are known by.</summary>
/// <param name="Rendezvous">Where they are found.</param>
/// <param name="Party">Whose they are.</param>
/// <param name="Host">The host as the client wrote it, which may not be where its rule goes.</param>
internal sealed record SocksOrigin(Rendezvous Rendezvous, Rendezvous.Party Party, string Host);
