using System.Text;
using ActorTunnel.Cli.Authentication;
using ActorTunnel.Cli.CommandLine;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>Reads a configuration file as lines.</summary>
internal static class ConfigFile
{
    /// <summary>The longest file that is read.</summary>
    private const int MaxLength = 1 << 20;

    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>The lines; null when there is no such file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mustBeOurs">Whoever can write it decides which host we trust and whom we log in as.</param>
    /// <exception cref="UsageException">It cannot be read or may not be trusted.</exception>
    public static string[]? Read(string path, bool mustBeOurs)
    {
        if (Directory.Exists(path))
            return null;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            if (mustBeOurs && !OperatingSystem.IsWindows())
                CheckOwner(stream, path);
            return ReadText(stream, path).Split('\n');
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"cannot read the configuration file {path}: {exception.Message}");
        }
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void CheckOwner(FileStream stream, string path)
    {
        if (!FileOwner.IsThisUserOrRoot(stream.SafeFileHandle))
            throw new UsageException($"Bad owner or permissions on {path}: it belongs to another user, and is not used");
        if ((File.GetUnixFileMode(stream.SafeFileHandle) & WritableByOthers) != 0)
        {
            throw new UsageException(
                $"Bad owner or permissions on {path}: others can write it, and it is not used; run: chmod go-w {path}");
        }
    }

    private static string ReadText(FileStream stream, string path)
    {
        // A pipe has no length, and a file of the kernel says 0, so the bound is read up to.
        var content = new byte[(stream.CanSeek && stream.Length > 0 ? Math.Min(stream.Length, MaxLength) : MaxLength) + 1];
        var length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return length <= MaxLength
            ? Encoding.UTF8.GetString(content, 0, length)
            : throw new UsageException($"the configuration file {path} is longer than {MaxLength} bytes");
    }
}
