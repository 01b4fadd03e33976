using System.Text;

namespace ActorTunnel.Ssh.Keys.KnownHosts;

/// <summary>A line that is about the host, and where it stands.</summary>
internal sealed record KnownHostsEntry(string Path, int LineNumber, KnownHostsLine Line);

/// <summary>A known_hosts file on disk: read as a whole each time, and added to at its end.</summary>
internal sealed class KnownHostsFile(string path)
{
    /// <summary>Bytes of the largest file that is read: some hundred thousand hosts.</summary>
    private const long MaximumSize = 64 << 20;

    /// <summary>Held while this process looks for the end of a file and writes there.</summary>
    private static readonly Lock _appending = new();

    public string Path => path;

    /// <summary>The entries that are about the host of this name. A missing file has none.</summary>
    /// <param name="name">As <see cref="HostNames.NameOf"/> makes it.</param>
    /// <param name="notice">Told of broken lines.</param>
    /// <exception cref="SshException">
    /// <see cref="SshFailure.HostKeyUnknown"/>: the file is there but cannot be read. To go on as if it were empty would take a
    /// changed key for a new one.
    /// </exception>
    public IReadOnlyList<KnownHostsEntry> Matching(string name, Action<string>? notice)
    {
        var entries = new List<KnownHostsEntry>();
        foreach (var (number, text) in ReadLines().Index().Where(line => !KnownHostsLine.IsEmpty(line.Item)))
        {
            if (KnownHostsLine.Parse(text) is not { } line)
                notice?.Invoke($"{path}:{number + 1}: not a known_hosts line, skipped.");
            else if (line.Hosts.Match(name))
                entries.Add(new(path, number + 1, line));
        }

        return entries;
    }

    /// <summary>Adds a line, hashed if all the others are, and what is missing: folder (0700), file (0600), last line end.</summary>
    public void Append(string name, PublicKey key)
    {
        lock (_appending)
        {
            var hosts = Array.FindAll(ReadLines(), line => !KnownHostsLine.IsEmpty(line));
            var field = hosts.Length > 0 && Array.TrueForAll(hosts, HostNames.IsHashed) ? HostNames.Hash(name) : name.ToLowerInvariant();
            using var file = OpenForAppending();
            var line = $"{(EndsInsideLine(file) ? "\n" : "")}{field} {key.ToLine()}\n";
            file.Seek(0, SeekOrigin.End);
            file.Write(Encoding.UTF8.GetBytes(line)); // unbuffered, so one write: a reader never sees half a line
        }
    }

    private static bool EndsInsideLine(FileStream file)
    {
        if (!file.CanSeek || file.Length == 0)
            return false;
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() != '\n';
    }

    private FileStream OpenForAppending()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read,
            BufferSize = 0,
        };
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private string[] ReadLines()
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > MaximumSize }
                ? throw new IOException("it is too large")
                : File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SshException(
                SshFailure.HostKeyUnknown, $"Cannot read the known hosts file {path}, so no host key can be checked: {exception.Message}",
                exception);
        }
    }
}
