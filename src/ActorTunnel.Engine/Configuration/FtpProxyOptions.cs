namespace ActorTunnel.Engine.Configuration;

/// <summary>
/// An FTP proxy for clients without SOCKS, which log in as <c>USER@HOST</c> or <c>USER@HOST:PORT</c>. What becomes of their sessions is
/// the matter of the rules.
/// </summary>
public sealed record FtpProxyOptions : ProxyEntryOptions;
