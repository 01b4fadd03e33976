using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using ActorTunnel.Lab.Ftp;
using ActorTunnel.Lab.Ftp.Client;
using ActorTunnel.Lab.Ftp.Server;
using ActorTunnel.Lab.Ftp.Storage;

namespace ActorTunnel.FunctionalTests.Lab;

/// <summary>A lab FTP server on both loopback addresses, with what it told of its transfers.</summary>
internal sealed class LabServer : IAsyncDisposable
{
    public const string User = "lab";
    public const string Password = "s3cret";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly Channel<FtpTransferRecord> _transfers = Channel.CreateUnbounded<FtpTransferRecord>();

    private LabServer(FtpServer server)
    {
        Server = server;
        server.TransferEnded += transfer => _transfers.Writer.TryWrite(transfer);
        server.DataConnected += DataPeers.Enqueue;
    }

    public FtpServer Server { get; }

    public ConcurrentQueue<IPEndPoint> DataPeers { get; } = new();

    public IPEndPoint EndPoint => Server.EndPoints[0];

    public static LabServer Start(IFtpStorage storage, Func<FtpServerOptions, FtpServerOptions>? change = null)
    {
        var options = new FtpServerOptions
        {
            EndPoints = [new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.IPv6Loopback, 0)],
            Users = new Dictionary<string, string> { [User] = Password },
            Storage = storage,
        };
        return new LabServer(FtpServer.Start(change?.Invoke(options) ?? options));
    }

    public IPEndPoint EndPointOf(bool ipv6) => Server.EndPoints[ipv6 ? 1 : 0];

    public Task<FtpClient> ConnectAsync(DataMode mode, bool ipv6 = false) => FtpClient.ConnectAsync(
        new FtpClientOptions { Server = EndPointOf(ipv6), User = User, Password = Password, Mode = mode, Timeout = _patience },
        CancellationToken.None);

    public string Url(string path) => $"ftp://{User}:{Password}@{EndPoint}{path}";

    /// <summary>The next transfer that ended.</summary>
    public Task<FtpTransferRecord> NextTransferAsync() => _transfers.Reader.ReadAsync().AsTask().WaitAsync(_patience);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
