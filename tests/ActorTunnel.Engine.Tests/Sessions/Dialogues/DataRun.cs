using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Dialogues;

/// <summary>Both ends of one data connection.</summary>
internal sealed class DataRun : IDisposable
{
    private static readonly TimeSpan _secondLook = TimeSpan.FromMilliseconds(250);

    private readonly DataPlan _plan;
    private readonly FtpScenario _ftp;
    private readonly Counter _read;
    private readonly ChannelReader<FarEnd> _served;
    private readonly byte[] _content;
    private readonly TaskCompletionSource<Socket> _listener = NewSignal<Socket>();
    private readonly TaskCompletionSource<IPEndPoint> _toClient = NewSignal<IPEndPoint>();
    private readonly TaskCompletionSource<IPEndPoint> _toServer = NewSignal<IPEndPoint>();
    private readonly TaskCompletionSource<bool> _ready = NewSignal<bool>();
    private readonly TaskCompletionSource<bool> _go = NewSignal<bool>();
    private FarEnd? _far;
    private string? _mark;
    private volatile bool _isOver;

    public DataRun(DataPlan plan, FtpScenario ftp, Counter read)
    {
        _plan = plan;
        _ftp = ftp;
        _read = read;
        _served = ftp.Transport.Serve(FtpScenario.Host, plan.ServerPort);
        _content = [.. Enumerable.Range(0, plan.Bytes).Select(i => (byte)((i * 31) + plan.Number))];
    }

    public Task ClientIsReady => _ready.Task;

    public Task ServerIsReady => _go.Task;

    /// <summary>The client's listener for active mode.</summary>
    public IPEndPoint Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _listener.SetResult(listener);
        return (IPEndPoint)listener.LocalEndPoint!;
    }

    public void AnnouncedToClient(IPEndPoint endPoint) => _toClient.SetResult(endPoint);

    public void AnnouncedToServer(IPEndPoint endPoint) => _toServer.TrySetResult(endPoint);

    /// <summary>The random part of its temporary name, which must be the same in all commands.</summary>
    public void IsStoredAs(string mark) => Assert.Equal(_mark ??= mark, mark);

    public void LetClientGo() => _go.SetResult(true);

    public void Dispose()
    {
        if (_listener.Task.IsCompletedSuccessfully)
            _listener.Task.Result.Dispose();
    }

    public async Task PlayClientAsync()
    {
        if (_plan.Client is not { } part)
            return;
        using var data = await ConnectClientAsync();
        switch (part)
        {
            case ClientPart.ReadsWhole:
                await ReadAsync(data);
                Assert.Empty(await data.ReadToFinAsync());
                break;
            case ClientPart.ReadsBroken:
                await ReadAsync(data);
                await data.ExpectResetAsync();
                break;
            case ClientPart.ReadsAndResets:
                await ReadAsync(data);
                data.Reset();
                break;
            case ClientPart.WritesWhole:
                await WriteAsync(data);
                data.Finish();
                await Patience.UntilAsync(IsOverForServer, "the end of an upload");
                Assert.Empty(await data.ReadToFinAsync());
                break;
            case ClientPart.WritesBroken:
                await WriteAsync(data);
                await data.ExpectResetAsync();
                break;
            case ClientPart.WritesAndResets:
                await WriteAsync(data);
                await _go.Task.Soon();
                data.Reset();
                break;
        }
    }

    public async Task ConnectServerAsync()
    {
        var to = await _toServer.Task.Soon();
        Assert.Equal(IPAddress.Loopback, to.Address);
        _far = await _ftp.Transport.ConnectAsync(to.Port).Soon();
        Assert.NotNull(_far);
    }

    public async Task<FarEnd> ServerEndAsync() => _far ??= await _served.ReadAsync().Soon();

    public async Task SendAsync() => await (await ServerEndAsync()).SendAsync(_content).Soon();

    public async Task ReceiveAsync() => Assert.Equal(_content, await (await ServerEndAsync()).ReadAsync(_content.Length));

    public async Task SeeEndAsync(bool isWhole)
    {
        var far = await ServerEndAsync();
        var (more, endedInOrder) = await far.ReadToEndAsync();
        Assert.Empty(more);
        _isOver = true;
        Assert.True(isWhole == endedInOrder, isWhole ? "An upload must end in order." : "What is broken must not end in order.");
        if (isWhole)
            far.Close();
    }

    /// <summary>The client's control connection may be looked at once more before its end is taken for the file's.</summary>
    private bool IsOverForServer()
    {
        if (_ftp.Time.IsDueIn(left => left == _secondLook))
            _ftp.Time.Advance(_secondLook);
        return _isOver;
    }

    private static TaskCompletionSource<T> NewSignal<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<DataSocket> ConnectClientAsync()
    {
        if (_plan.ClientConnects)
        {
            var to = await _toClient.Task.Soon();
            Assert.Equal(IPAddress.Loopback, to.Address);
            if (_plan.ConnectsAfter is { } lines)
                await _read.ReachAsync(lines);
            return await DataSocket.ConnectAsync(to);
        }

        var listener = await _listener.Task.Soon();
        return new DataSocket(await listener.AcceptAsync().Soon());
    }

    private async Task ReadAsync(DataSocket data)
    {
        Assert.Equal(_content, await data.ReadAsync(_content.Length));
        _ready.SetResult(true);
    }

    private async Task WriteAsync(DataSocket data)
    {
        await data.SendAsync(_content);
        _ready.SetResult(true);
    }
}
