namespace ActorTunnel.Lab.Ftp.Storage;

/// <summary>A file or directory as listings show it; <paramref name="Length"/> in bytes, 0 for a directory.</summary>
internal sealed record FtpEntry(string Name, bool IsDirectory, long Length, DateTimeOffset Modified);
