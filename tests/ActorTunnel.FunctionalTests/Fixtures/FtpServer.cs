using System.Net;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>
/// A real FTP server with a configuration, a port and a folder of its own. It needs no user of the system: anonymous clients may read and
/// write in <c>files/</c>.
/// </summary>
public abstract class FtpServer(IPEndPoint endPoint) : IAsyncDisposable
{
    public const UnixFileMode WritableForAll = (UnixFileMode)0x1FF;

    private readonly TemporaryFolder _folder = new();
    private ChildProcess? _process;
    private string? _files;

    public IPEndPoint EndPoint => endPoint;

    /// <summary>What clients see as <c>files/</c>.</summary>
    public string FilesFolder => _files ??= CreateFilesFolder();

    /// <summary>Where its configuration and its logs are.</summary>
    protected TemporaryFolder Folder => _folder;

    /// <summary>What clients see as <c>/</c>; nobody may write there but in <c>files/</c>.</summary>
    protected string RootFolder => Path.GetDirectoryName(FilesFolder)!;

    /// <summary>A file that a client sees as <c>files/</c> and this name.</summary>
    public string PathOf(string name) => Path.Combine(FilesFolder, name);

    /// <summary>Kills it with SIGKILL, the processes that serve its sessions included.</summary>
    public Task KillAsync() => _process!.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the program, which stays in the foreground, and waits until it listens.</summary>
    protected async Task StartAsync(Machine machine, string program, params IEnumerable<string> arguments)
    {
        _process = ChildProcess.Start(machine.Command(program, arguments));
        await Eventually.IsTrueAsync(
            () =>
            {
                var words = _process.Output.Lines.Concat(_process.Errors.Lines);
                Assert.False(_process.HasExited, string.Join(System.Environment.NewLine, words));
                return machine.CanConnectAsync(EndPoint);
            },
            $"{program} listens on {EndPoint}");
    }

    private string CreateFilesFolder()
    {
        var root = Directory.CreateDirectory(_folder.PathOf("root")).FullName;
        var files = Directory.CreateDirectory(Path.Combine(root, "files")).FullName;
        File.SetUnixFileMode(files, WritableForAll); // whatever the umask
        return files;
    }
}
