using System.Text;
using ActorTunnel.Ssh.Interop;

namespace ActorTunnel.Ssh.Keys.KnownHosts;

/// <summary>A line that is about the host, and where it stands.</summary>
internal sealed record KnownHostsEntry(string Path, int LineNumber, KnownHostsLine Line);

/// <summary>A known_hosts file on disk: read as a whole each time, and added to at its end.</summary>
/// <remarks>
/// A line is added as OpenSSH does it: by one write of a file opened for appending, which the kernel neither tears nor lets overwrite
/// what others add at the same time. To write a new file and rename it would lose the lines that were added meanwhile, and would put a
/// file of its own in the place of a link. (ssh-keygen -R and UpdateHostKeys do rename: what is added in that moment is lost, and asked
/// for again the next time.) A process that dies leaves a whole line or none; half a line, as of a full disk, ends where the next begins.
/// </remarks>
internal sealed class KnownHostsFile(string path)
{
    /// <summary>Bytes of the largest file that is read: some hundred thousand hosts.</summary>
    private const long MaximumSize = 64 << 20;

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
        var hosts = Array.FindAll(ReadLines(), line => !KnownHostsLine.IsEmpty(line));
        var field = hosts.Length > 0 && Array.TrueForAll(hosts, HostNames.IsHashed) ? HostNames.Hash(name) : name.ToLowerInvariant();
        using var file = OpenForAppending();
        var line = $"{(EndsInsideLine(file) ? "\n" : "")}{field} {key.ToLine()}\n";
        file.Seek(0, SeekOrigin.End);
        AppendOnly.Set(file.SafeFileHandle);
        file.Write(Encoding.UTF8.GetBytes(line)); // unbuffered, so one write
    }

    // When somebody else mends it in this moment, too, there is an empty line more.
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
            Share = FileShare.ReadWrite,
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
