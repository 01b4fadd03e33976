using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ActorTunnel.Lab.Ftp;
using ActorTunnel.Lab.Ftp.Client;
using ActorTunnel.Lab.Ftp.Storage;

namespace ActorTunnel.Lab.Demo;

/// <summary>
/// Real transfers through an FTP entry: list, download and upload in every mode that the entry's address family has. What arrived is
/// compared with what the server has, so the storage must be the one behind the entry.
/// </summary>
internal sealed class DemoRun
{
    private const string Folder = "/demo";

    // Nothing on loopback takes this long unless it hangs.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    private static readonly long[] _sizes = [0, 1024 * 1024, 16 * 1024 * 1024];

    private readonly IPEndPoint _entry;
    private readonly string _user;
    private readonly string _password;
    private readonly GeneratedStorage _storage;
    private readonly GeneratedContent[] _files;

    public DemoRun(IPEndPoint entry, string user, string password, GeneratedStorage storage)
    {
        _entry = entry;
        _user = user;
        _password = password;
        _storage = storage;
        storage.CreateDirectory(Folder);
        _files = [.. _sizes.Select(size => storage.AddFile(DownloadPath(size), size))];
        Steps = [.. Modes(entry.AddressFamily).SelectMany(StepsOf)];
    }

    /// <summary>All steps in order.</summary>
    public IReadOnlyList<DemoStep> Steps { get; }

    /// <summary>Goes through all steps; one that fails does not stop the others.</summary>
    public async Task<IReadOnlyList<DemoResult>> RunAsync(IDemoObserver observer, CancellationToken cancellationToken)
    {
        var results = new List<DemoResult>();
        foreach (var mode in Steps.GroupBy(step => step.Mode))
        {
            FtpClient? client = null;
            foreach (var step in mode)
            {
                observer.Started(step);
                var start = Stopwatch.GetTimestamp();
                string? problem;
                try
                {
                    client ??= await ConnectAsync(step.Mode, cancellationToken);
                    start = Stopwatch.GetTimestamp();
                    problem = await RunAsync(client, step, new StepProgress(observer, step), cancellationToken);
                }
                catch (Exception e) when (e is IOException or SocketException or TimeoutException)
                {
                    problem = e.Message;
                }

                results.Add(new DemoResult(step, Stopwatch.GetElapsedTime(start), problem));
                observer.Ended(results[^1]);
                if (problem is not null)
                    client = await CloseAsync(client);
            }

            await CloseAsync(client);
        }

        return results;
    }

    private static DataMode[] Modes(AddressFamily family) => family == AddressFamily.InterNetwork
        ? Enum.GetValues<DataMode>()
        : [DataMode.ExtendedPassive, DataMode.ExtendedActive];

    private static IEnumerable<DemoStep> StepsOf(DataMode mode) =>
    [
        new DemoStep(mode, DemoOperation.List, 0),
        .. _sizes.Select(size => new DemoStep(mode, DemoOperation.Download, size)),
        .. _sizes.Select(size => new DemoStep(mode, DemoOperation.Upload, size)),
    ];

    private static string DownloadPath(long size) => $"{Folder}/file-{size}";

    // One name per mode and size: no upload can pass for another.
    private static string UploadPath(DemoStep step) => $"/upload-{step.Mode}-{step.Size}";

    private static async Task<FtpClient?> CloseAsync(FtpClient? client)
    {
        if (client is not null)
            await client.DisposeAsync();
        return null;
    }

    private Task<FtpClient> ConnectAsync(DataMode mode, CancellationToken cancellationToken) => FtpClient.ConnectAsync(
        new FtpClientOptions { Server = _entry, User = _user, Password = _password, Mode = mode, Timeout = _patience }, cancellationToken);

    private Task<string?> RunAsync(FtpClient client, DemoStep step, IProgress<long> progress, CancellationToken cancellationToken) =>
        step.Operation switch
        {
            DemoOperation.List => ListAsync(client, cancellationToken),
            DemoOperation.Download => DownloadAsync(client, step, progress, cancellationToken),
            _ => UploadAsync(client, step, progress, cancellationToken),
        };

    private async Task<string?> ListAsync(FtpClient client, CancellationToken cancellationToken)
    {
        var lines = await client.ListAsync(Folder, cancellationToken);
        var same = _files.All(file => lines.Any(line => Regex.IsMatch(line, $" {file.Length} .* file-{file.Length}$")));
        return same && lines.Count == _files.Length
            ? null
            : $"The listing of {lines.Count} lines does not show the server's {_files.Length} files with their sizes.";
    }

    private async Task<string?> DownloadAsync(
        FtpClient client, DemoStep step, IProgress<long> progress, CancellationToken cancellationToken)
    {
        var result = await client.DownloadAsync(DownloadPath(step.Size), Stream.Null, 0, progress, cancellationToken);
        return Compare(Content(step).Sha256(), result.Sha256);
    }

    private async Task<string?> UploadAsync(
        FtpClient client, DemoStep step, IProgress<long> progress, CancellationToken cancellationToken)
    {
        var result = await client.UploadAsync(UploadPath(step), new GeneratedStream(Content(step)), 0, progress, cancellationToken);
        return _storage.FindUpload(UploadPath(step))?.Sha256 is { } stored
            ? Compare(result.Sha256, stored)
            : "The server has no complete file of that name.";
    }

    private GeneratedContent Content(DemoStep step) => _files.First(file => file.Length == step.Size);

    private static string? Compare(byte[] sent, byte[] received) => sent.AsSpan().SequenceEqual(received)
        ? null
        : $"SHA-256 differs: sent {Convert.ToHexStringLower(sent)}, received {Convert.ToHexStringLower(received)}.";

    private sealed class StepProgress(IDemoObserver observer, DemoStep step) : IProgress<long>
    {
        public void Report(long value) => observer.Progressed(step, value);
    }
}
