namespace ActorTunnel.Lab.Ftp.Storage;

/// <summary>
/// Files of any size that take no memory: downloads are generated, uploads are hashed and forgotten but for length and SHA-256
/// (downloading one back is refused).
/// </summary>
internal sealed class GeneratedStorage(TimeProvider time) : IFtpStorage
{
    /// <summary>The most files and directories; an upload beyond it is refused.</summary>
    public const int MaxEntries = 100_000;

    // The lock guards the dictionary; an UploadedFile guards itself.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Node> _nodes = new(StringComparer.Ordinal)
    {
        [FtpPath.Root] = new Node(null, null, time.GetUtcNow()),
    };

    /// <summary>Offers a file with this content for download.</summary>
    public GeneratedContent AddFile(string path, long length)
    {
        var content = new GeneratedContent(path, length);
        lock (_lock)
            Add(path, new Node(content, null, time.GetUtcNow()));
        return content;
    }

    /// <summary>What was uploaded to a path, complete or not; null when nothing was.</summary>
    public UploadedFile? FindUpload(string path)
    {
        lock (_lock)
            return _nodes.GetValueOrDefault(path)?.Upload;
    }

    public FtpEntry? Find(string path)
    {
        lock (_lock)
            return _nodes.TryGetValue(path, out var node) ? node.ToEntry(path) : null;
    }

    public IReadOnlyList<FtpEntry> List(string directory)
    {
        lock (_lock)
        {
            if (_nodes.GetValueOrDefault(directory) is not { IsDirectory: true })
                throw new DirectoryNotFoundException();
            return [.. _nodes.Where(pair => IsChild(directory, pair.Key)).Select(pair => pair.Value.ToEntry(pair.Key))
                .OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        }
    }

    public Stream OpenRead(string path, long offset)
    {
        lock (_lock)
        {
            if (_nodes.GetValueOrDefault(path)?.Content is not { } content)
                throw new FileNotFoundException();
            return new GeneratedStream(content) { Position = offset };
        }
    }

    public IFtpUpload OpenWrite(string path, long offset)
    {
        UploadedFile file;
        lock (_lock)
        {
            var present = _nodes.GetValueOrDefault(path);
            if (present is { IsDirectory: true } or { Content: not null })
                throw new IOException("The name is taken by a directory or a generated file.");

            if (offset > 0)
            {
                file = present?.Upload ?? throw new FileNotFoundException();
            }
            else
            {
                file = new UploadedFile();
                Add(path, new Node(null, file, time.GetUtcNow()));
                present?.Upload?.Dispose();
            }
        }

        file.BeginWrite(offset);
        return new Writer(file);
    }

    public void CreateDirectory(string path)
    {
        lock (_lock)
        {
            if (_nodes.ContainsKey(path))
                throw new IOException("The name is taken.");
            Add(path, new Node(null, null, time.GetUtcNow()));
        }
    }

    public void DeleteDirectory(string path)
    {
        lock (_lock)
        {
            if (path == FtpPath.Root
                || _nodes.GetValueOrDefault(path) is not { IsDirectory: true }
                || _nodes.Keys.Any(key => IsChild(path, key)))
                throw new IOException("No such directory, or not empty.");
            _nodes.Remove(path);
        }
    }

    public void DeleteFile(string path)
    {
        lock (_lock)
            TakeFile(path).Upload?.Dispose();
    }

    public void Rename(string from, string to)
    {
        lock (_lock)
        {
            if (_nodes.GetValueOrDefault(to) is { IsDirectory: true }
                || _nodes.GetValueOrDefault(FtpPath.Parent(to)) is not { IsDirectory: true })
                throw new IOException("The new name is a directory, or in none.");
            var node = TakeFile(from);
            if (_nodes.TryGetValue(to, out var replaced))
                replaced.Upload?.Dispose();
            Add(to, node);
        }
    }

    private static bool IsChild(string directory, string path) => path != FtpPath.Root && FtpPath.Parent(path) == directory;

    private Node TakeFile(string path) =>
        _nodes.GetValueOrDefault(path) is { IsDirectory: false } && _nodes.Remove(path, out var node)
            ? node
            : throw new FileNotFoundException();

    private void Add(string path, Node node)
    {
        if (_nodes.GetValueOrDefault(FtpPath.Parent(path)) is not { IsDirectory: true })
            throw new DirectoryNotFoundException();
        if (_nodes.Count >= MaxEntries && !_nodes.ContainsKey(path))
            throw new IOException("The storage is full.");
        _nodes[path] = node;
    }

    /// <summary>A generated file, an upload, or (neither) a directory.</summary>
    private sealed record Node(GeneratedContent? Content, UploadedFile? Upload, DateTimeOffset Modified)
    {
        public bool IsDirectory => Content is null && Upload is null;

        public FtpEntry ToEntry(string path) => new(FtpPath.Name(path), IsDirectory, Content?.Length ?? Upload?.Length ?? 0, Modified);
    }

    private sealed class Writer(UploadedFile file) : IFtpUpload
    {
        private bool _complete;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
        {
            try
            {
                file.Append(block.Span);
            }
            catch (ObjectDisposedException)
            {
                // Deleted or replaced while it came in: the rest has nowhere to go.
                throw new IOException("The file was deleted during its upload.");
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask CompleteAsync()
        {
            _complete = true;
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            file.EndWrite(_complete);
            return ValueTask.CompletedTask;
        }
    }
}
