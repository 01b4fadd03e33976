using System.Security.Cryptography;

namespace ActorTunnel.Cli.Authentication;

/// <summary>A file with a secret in it, and who else can read it. All is asked of one open file, so that nobody can swap it.</summary>
internal sealed class SecretFile : IDisposable
{
    /// <summary>As in OpenSSH (MAX_KEY_FILE_SIZE).</summary>
    private const int MaxLength = 1 << 20;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly byte[] _content;

    private readonly bool _isCredential;

    private SecretFile(byte[] content, int length, UnixFileMode mode, bool isOurs, bool isCredential)
    {
        _content = content;
        _isCredential = isCredential;
        Content = content.AsMemory(0, length);
        Mode = mode;
        IsOurs = isOurs;
    }

    /// <summary>Valid until <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    public UnixFileMode Mode { get; }

    /// <summary>Whether it belongs to the user that this process runs as.</summary>
    public bool IsOurs { get; }

    /// <summary>
    /// systemd gives a credential to its service by an access list, which shows as the group's mode; the folder is the service's alone.
    /// </summary>
    public bool IsOpenToOthers => !_isCredential && (Mode & Others) != 0;

    /// <summary>The mode as chmod takes it.</summary>
    public string OctalMode => "0" + Convert.ToString((int)Mode, 8);

    /// <exception cref="IOException">It cannot be read, or is too long.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a directory.</exception>
    public static SecretFile Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var mode = OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(stream.SafeFileHandle);
        var isOurs = FileOwner.IsThisUser(stream.SafeFileHandle);

        // A pipe has no length, so the bound is read up to.
        var size = stream.CanSeek ? (int)Math.Min(stream.Length, MaxLength) + 1 : MaxLength;
        var content = GC.AllocateUninitializedArray<byte>(size, pinned: true);
        var length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        if (length < content.Length)
            return new SecretFile(content, length, mode, isOurs, IsCredential(path));

        CryptographicOperations.ZeroMemory(content);
        throw new IOException($"it is longer than {MaxLength} bytes");
    }

    private static bool IsCredential(string path) =>
        Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } folder
        && Path.GetFullPath(path).StartsWith($"{folder}/", StringComparison.Ordinal);

    public void Dispose() => CryptographicOperations.ZeroMemory(_content);
}
