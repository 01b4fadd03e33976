namespace ActorTunnel.Lab.Ftp.Client;

/// <summary>What went through whole: <paramref name="Length"/> in bytes and the SHA-256 of exactly these bytes.</summary>
internal sealed record TransferResult(long Length, byte[] Sha256);
