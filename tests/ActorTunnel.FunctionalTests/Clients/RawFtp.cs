using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Clients;

/// <summary>A control connection spoken by hand, for what no well-behaved client does.</summary>
public sealed class RawFtp : IDisposable
{
    private static readonly TimeSpan _replyLimit = TimeSpan.FromSeconds(30);

    private readonly Machine _machine;
    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;

    private RawFtp(Machine machine, Socket socket)
    {
        _machine = machine;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new StreamReader(_stream, Encoding.ASCII);
    }

    /// <summary>Connects; the greeting is the first reply.</summary>
    public static async Task<RawFtp> ConnectAsync(Machine machine, IPEndPoint server) => new(machine, await machine.ConnectAsync(server));

    /// <summary>The same through a SOCKS proxy.</summary>
    public static async Task<RawFtp> ConnectAsync(SocksProxy proxy, EndPoint server) =>
        new(proxy.Machine, await proxy.ConnectAsync(server));

    /// <summary>Connects and logs in as nobody in particular.</summary>
    public static Task<RawFtp> LoginAsync(Machine machine, IPEndPoint server) =>
        LoginAsync(machine, server, new FtpLogin("anonymous", "guest"));

    /// <summary>Connects and logs in as somebody.</summary>
    public static async Task<RawFtp> LoginAsync(Machine machine, IPEndPoint server, FtpLogin login) =>
        await (await ConnectAsync(machine, server)).BeginAsync(login);

    /// <summary>The same through a SOCKS proxy.</summary>
    public static async Task<RawFtp> LoginAsync(SocksProxy proxy, EndPoint server, FtpLogin login) =>
        await (await ConnectAsync(proxy, server)).BeginAsync(login);

    /// <summary>Sends USER, and PASS when it is asked for; the last reply.</summary>
    public async Task<string> LoginAsync(FtpLogin login)
    {
        var reply = await CommandAsync($"USER {login.User}");
        return reply.StartsWith("331", StringComparison.Ordinal) ? await CommandAsync($"PASS {login.Password}") : reply;
    }

    /// <summary>Sends a command and reads its first reply.</summary>
    public async Task<string> CommandAsync(string command)
    {
        await SendAsync(command);
        return await ReplyAsync();
    }

    /// <summary>Sends bytes as they are, at once.</summary>
    public async Task SendAsync(byte[] bytes)
    {
        _stream.Socket.NoDelay = true;
        await _stream.WriteAsync(bytes);
    }

    /// <summary>Sends bytes of which the last is urgent (RFC 9293, section 3.8.5).</summary>
    public async Task SendUrgentAsync(byte[] bytes) => await _stream.Socket.SendAsync(bytes, SocketFlags.OutOfBand);

    public async Task SendAsync(string command) => await _stream.WriteAsync(Encoding.ASCII.GetBytes($"{command}\r\n"));

    /// <summary>The last line of the next reply (RFC 959, section 4.2); an empty text when the connection has ended.</summary>
    public async Task<string> ReplyAsync()
    {
        var line = await LineAsync();
        var code = line.Length > 3 && line[3] == '-' ? line[..3] : null;
        while (code is not null && line.Length > 0 && !line.StartsWith($"{code} ", StringComparison.Ordinal))
            line = await LineAsync();
        return line;
    }

    /// <summary>Sends EPSV and returns where the client is told to connect to (RFC 2428, section 3).</summary>
    public async Task<IPEndPoint> ExtendedPassiveAsync()
    {
        var reply = await CommandAsync("EPSV");
        Assert.StartsWith("229", reply, StringComparison.Ordinal);
        return new IPEndPoint(
            ((IPEndPoint)_stream.Socket.RemoteEndPoint!).Address,
            int.Parse(reply.Split('|')[3], null as IFormatProvider));
    }

    /// <summary>Sends PASV and returns what the client is told (RFC 959, section 4.1.2).</summary>
    public async Task<IPEndPoint> PassiveAsync()
    {
        var reply = await CommandAsync("PASV");
        Assert.StartsWith("227", reply, StringComparison.Ordinal);
        var numbers = reply[(reply.IndexOf('(', StringComparison.Ordinal) + 1)..reply.IndexOf(')', StringComparison.Ordinal)]
            .Split(',').Select(byte.Parse).ToArray();
        return new IPEndPoint(new IPAddress(numbers.AsSpan(0, 4)), (numbers[4] << 8) | numbers[5]);
    }

    /// <summary>Reads a whole file by EPSV and RETR; fails unless the final reply says that it was all of it.</summary>
    public async Task<byte[]> DownloadAsync(string path)
    {
        using var data = await _machine.ConnectAsync(await ExtendedPassiveAsync());
        return await DownloadAsync(path, data);
    }

    /// <summary>The same over a data connection that is made already.</summary>
    public async Task<byte[]> DownloadAsync(string path, Socket data)
    {
        Assert.StartsWith("1", await CommandAsync($"RETR {path}"), StringComparison.Ordinal); // 125 or 150
        using var content = new MemoryStream();
        await using (var stream = new NetworkStream(data))
            await stream.CopyToAsync(content).WaitAsync(_replyLimit);
        Assert.StartsWith("226", await ReplyAsync(), StringComparison.Ordinal);
        return content.ToArray();
    }

    private async Task<RawFtp> BeginAsync(FtpLogin login)
    {
        Assert.StartsWith("220", await ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("230", await LoginAsync(login), StringComparison.Ordinal);
        Assert.StartsWith("200", await CommandAsync("TYPE I"), StringComparison.Ordinal);
        return this;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
    }

    private async Task<string> LineAsync() => await _reader.ReadLineAsync().WaitAsync(_replyLimit) ?? string.Empty;
}
