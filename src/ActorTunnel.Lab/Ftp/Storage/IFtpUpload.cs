namespace ActorTunnel.Lab.Ftp.Storage;

/// <summary>
/// A file on its way in. Only <see cref="CompleteAsync"/> makes it a complete one; disposed without it, it stays a part that a client can
/// see with SIZE and resume with REST or APPE, as on common servers.
/// </summary>
internal interface IFtpUpload : IAsyncDisposable
{
    ValueTask WriteAsync(ReadOnlyMemory<byte> block, CancellationToken cancellationToken);

    ValueTask CompleteAsync();
}
