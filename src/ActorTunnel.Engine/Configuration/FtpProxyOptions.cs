namespace ActorTunnel.Engine.Configuration;

/// <summary>A proxy for FTP clients without SOCKS: their login, <c>USER@HOST[:PORT]</c>, says where they go. The rules decide.</summary>
public sealed record FtpProxyOptions : ProxyEntryOptions;
