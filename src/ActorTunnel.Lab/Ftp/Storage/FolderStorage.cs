namespace ActorTunnel.Lab.Ftp.Storage;

/// <summary>
/// Serves a folder of this machine. Paths have no dot segments any more, so they stay inside; symbolic links in the folder are followed,
/// and FTP has no command to make one.
/// </summary>
internal sealed class FolderStorage(string folder) : IFtpStorage
{
    private const int NoBuffer = 0;

    private readonly string _folder = Path.GetFullPath(folder);

    public FtpEntry? Find(string path)
    {
        var directory = new DirectoryInfo(Local(path));
        if (directory.Exists)
            return Entry(directory);

        var file = new FileInfo(Local(path));
        return file.Exists ? Entry(file) : null;
    }

    /// <summary>A name that no client could send back is left out: a line end in it would forge a line of the listing.</summary>
    public IReadOnlyList<FtpEntry> List(string directory) =>
    [
        .. new DirectoryInfo(Local(directory)).EnumerateFileSystemInfos()
            .Where(info => !info.Name.Any(char.IsControl))
            .Select(Entry)
            .OrderBy(entry => entry.Name, StringComparer.Ordinal),
    ];

    public Stream OpenRead(string path, long offset)
    {
        // FileShare.ReadWrite: a file that is being uploaded can be read as far as it is there.
        var stream = new FileStream(Local(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, NoBuffer, FileOptions.Asynchronous);
        stream.Position = offset;
        return stream;
    }

    public IFtpUpload OpenWrite(string path, long offset)
    {
        var stream = new FileStream(
            Local(path), FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, NoBuffer, FileOptions.Asynchronous);
        if (offset > stream.Length)
        {
            stream.Dispose();
            throw new IOException("The restart offset lies behind the end of the file.");
        }

        stream.SetLength(offset);
        stream.Position = offset;
        return new FolderUpload(stream);
    }

    public void CreateDirectory(string path)
    {
        if (Find(path) is not null)
            throw new IOException("The name is taken.");
        Directory.CreateDirectory(Local(path));
    }

    public void DeleteDirectory(string path) => Directory.Delete(Local(path));

    public void DeleteFile(string path)
    {
        if (Find(path) is not { IsDirectory: false })
            throw new FileNotFoundException();
        File.Delete(Local(path));
    }

    public void Rename(string from, string to)
    {
        if (Directory.Exists(Local(from)))
            Directory.Move(Local(from), Local(to));
        else
            File.Move(Local(from), Local(to), overwrite: true);
    }

    private static FtpEntry Entry(FileSystemInfo info) =>
        new(info.Name, info is DirectoryInfo, info is FileInfo file ? file.Length : 0, info.LastWriteTimeUtc);

    private string Local(string path) => Path.Join(_folder, path);

    private sealed class FolderUpload(FileStream stream) : IFtpUpload
    {
        public ValueTask WriteAsync(ReadOnlyMemory<byte> block, CancellationToken cancellationToken) =>
            stream.WriteAsync(block, cancellationToken);

        public async ValueTask CompleteAsync() => await stream.FlushAsync();

        public ValueTask DisposeAsync() => stream.DisposeAsync();
    }
}
