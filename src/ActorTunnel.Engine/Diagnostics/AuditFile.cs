using ActorTunnel.Ssh.Interop;

namespace ActorTunnel.Engine.Diagnostics;

/// <summary>A file that lines are appended to, whoever else appends to it, truncates it or renames it.</summary>
internal sealed class AuditFile : AuditTarget
{
    private readonly string _path;
    private FileStream? _file;
    private volatile bool _reopen;

    /// <exception cref="TunnelException">The file cannot be written.</exception>
    public AuditFile(string path)
        : base(path)
    {
        _path = path;
        try
        {
            _file = Open();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new TunnelException(Failure.Configuration, $"Cannot write audit lines to {path}: {failed.Message}", failed);
        }
    }

    public override void Reopen() => _reopen = true;

    public override void OpenIfDue()
    {
        if (_reopen)
        {
            _reopen = false;
            Close();
        }

        _file ??= Open();
    }

    public override void Write(ReadOnlySpan<byte> lines) => _file!.Write(lines);

    public override void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    private FileStream Open()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        var file = new FileStream(_path, options);
        try
        {
            AppendOnly.Set(file.SafeFileHandle);
            BeginLine(file);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A full disk may have cut the last line.</summary>
    private static void BeginLine(FileStream file)
    {
        if (!file.CanSeek || file.Length == 0)
            return;
        file.Seek(-1, SeekOrigin.End);
        if (file.ReadByte() != '\n')
            file.Write("\n"u8);
    }
}
