using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorTunnel.FunctionalTests.Lab;

/// <summary>A control connection that says exactly what a test wants.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient _client = new(AddressFamily.InterNetwork);
    private StreamReader? _reader;

    public Socket Socket => _client.Client;

    public static async Task<RawClient> ConnectAsync(IPEndPoint server)
    {
        var raw = new RawClient();
        await raw._client.ConnectAsync(server);
        raw._reader = new StreamReader(raw._client.GetStream(), Encoding.Latin1);
        Assert.StartsWith("220", await raw.ReadAsync());
        return raw;
    }

    public static async Task<RawClient> LogInAsync(IPEndPoint server)
    {
        var raw = await ConnectAsync(server);
        await raw.SendAsync($"USER {LabServer.User}\r\nPASS {LabServer.Password}\r\n");
        Assert.StartsWith("331", await raw.ReadAsync());
        Assert.StartsWith("230", await raw.ReadAsync());
        return raw;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await _client.GetStream().WriteAsync(bytes);

    /// <summary>One line; null when the server closed.</summary>
    public async Task<string?> ReadAsync() => await _reader!.ReadLineAsync().WaitAsync(_patience);

    public async Task<string> AskAsync(string command)
    {
        await SendAsync(command + "\r\n");
        return await ReadAsync() ?? throw new EndOfStreamException();
    }

    /// <summary>EPSV and the data connection.</summary>
    public async Task<Socket> OpenDataAsync(IPAddress? from = null)
    {
        var reply = await AskAsync("EPSV");
        var port = int.Parse(reply.Split('|')[3], System.Globalization.CultureInfo.InvariantCulture);
        var server = (IPEndPoint)Socket.RemoteEndPoint!;
        var data = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (from is not null)
            data.Bind(new IPEndPoint(from, 0));
        await data.ConnectAsync(new IPEndPoint(server.Address, port));
        return data;
    }

    public static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => _client.Dispose();
}
