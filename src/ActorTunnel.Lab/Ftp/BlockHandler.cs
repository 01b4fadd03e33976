namespace ActorTunnel.Lab.Ftp;

/// <summary>Takes a block of a file on its way. The block is valid until the task completes.</summary>
internal delegate ValueTask BlockHandler(ReadOnlyMemory<byte> block, CancellationToken cancellationToken);
