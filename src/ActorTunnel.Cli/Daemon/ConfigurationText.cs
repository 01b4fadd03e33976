using System.Security.Cryptography;
using ActorTunnel.Cli.Authentication;
using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Cli.Daemon;

/// <summary>The configuration file as it stands.</summary>
/// <param name="Bytes">UTF-8.</param>
/// <param name="Hash">By which a change is noticed.</param>
internal sealed record ConfigurationText(byte[] Bytes, byte[] Hash)
{
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <exception cref="TunnelException"><see cref="Failure.Configuration"/>: it cannot be read or may not be trusted.</exception>
    public static ConfigurationText Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (!OperatingSystem.IsWindows())
                CheckOwner(stream, path);
            const int Most = ConfigurationReader.MaxLength;
            var content = new byte[(stream.CanSeek ? Math.Min(stream.Length, Most) : Most) + 1];
            var length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            var bytes = content[..length];
            return new ConfigurationText(bytes, SHA256.HashData(bytes));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TunnelException(Failure.Configuration, $"no file {path}: give it with -c FILE", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TunnelException(Failure.Configuration, $"cannot read the configuration file: {exception.Message}", exception);
        }
    }

    /// <summary>Empty: it cannot be read.</summary>
    public static byte[] HashOf(string path)
    {
        try
        {
            return Read(path).Hash;
        }
        catch (TunnelException)
        {
            return []; // Who reads it then says why.
        }
    }

    // Whoever can write it runs commands as us: passwordCommand.
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void CheckOwner(FileStream stream, string path)
    {
        if (!FileOwner.IsThisUserOrRoot(stream.SafeFileHandle))
            throw new TunnelException(Failure.Configuration, $"{path} belongs to another user, and is not used");
        if ((File.GetUnixFileMode(stream.SafeFileHandle) & WritableByOthers) != 0)
            throw new TunnelException(Failure.Configuration, $"others can write {path}, and it is not used; run: chmod go-w {path}");
    }
}
