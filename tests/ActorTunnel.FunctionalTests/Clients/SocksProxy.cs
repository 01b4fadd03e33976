using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Clients;

/// <summary>A SOCKS client spoken by hand: CONNECT and BIND, with the codes of the replies.</summary>
/// <param name="Machine">Where the client runs.</param>
/// <param name="EndPoint">The proxy.</param>
/// <param name="Version">How it is spoken to.</param>
public sealed record SocksProxy(Machine Machine, IPEndPoint EndPoint, SocksVersion Version = SocksVersion.Socks5)
{
    private const byte Granted4 = 90;

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(40);

    /// <summary>RFC 1929; the user of SOCKS 4 has no password. Null: nobody.</summary>
    public FtpLogin? Login { get; init; }

    /// <summary>From which address of the client's machine; null: any.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>A connection to there; fails with <see cref="SocksRefusedException"/>.</summary>
    public async Task<Socket> ConnectAsync(EndPoint target) => (await AskAsync(1, target)).Socket;

    /// <summary>Asks for a port that one connection from <paramref name="target"/> may come in at.</summary>
    public async Task<SocksBinding> BindAsync(EndPoint target)
    {
        var (socket, bound) = await AskAsync(2, target);
        return new SocksBinding(this, socket, bound);
    }

    /// <summary>Reads a reply; the address it names.</summary>
    internal async Task<IPEndPoint> ReplyAsync(Socket socket)
    {
        if (Version != SocksVersion.Socks5)
        {
            var reply = await ReadAsync(socket, 8);
            Assert.Equal(0, reply[0]);
            return reply[1] == Granted4
                ? new IPEndPoint(new IPAddress(reply.AsSpan(4, 4)), BinaryPrimitives.ReadUInt16BigEndian(reply.AsSpan(2)))
                : throw new SocksRefusedException(reply[1]);
        }

        var head = await ReadAsync(socket, 4);
        Assert.Equal((5, 0), (head[0], head[2]));
        var address = await ReadAsync(socket, head[3] == 4 ? 16 : 4);
        var port = await ReadAsync(socket, 2);
        return head[1] == 0
            ? new IPEndPoint(new IPAddress(address), BinaryPrimitives.ReadUInt16BigEndian(port))
            : throw new SocksRefusedException(head[1]);
    }

    private async Task<(Socket Socket, IPEndPoint Bound)> AskAsync(byte command, EndPoint target)
    {
        var socket = await Machine.ConnectAsync(EndPoint, Source);
        try
        {
            if (Version == SocksVersion.Socks5)
                await GreetAsync(socket);
            await socket.SendAsync(Request(command, target));
            return (socket, await ReplyAsync(socket));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task GreetAsync(Socket socket)
    {
        byte method = Login is null ? (byte)0 : (byte)2;
        await socket.SendAsync(new byte[] { 5, 1, method });
        var chosen = await ReadAsync(socket, 2);
        if (chosen[1] != method)
            throw new SocksRefusedException(chosen[1]);
        if (Login is null)
            return;
        await socket.SendAsync((byte[])
        [
            1, (byte)Login.User.Length, .. Encoding.ASCII.GetBytes(Login.User),
            (byte)Login.Password.Length, .. Encoding.ASCII.GetBytes(Login.Password),
        ]);
        var answer = await ReadAsync(socket, 2);
        if (answer[1] != 0)
            throw new SocksRefusedException(answer[1]);
    }

    private byte[] Request(byte command, EndPoint target)
    {
        var name = target as DnsEndPoint;
        var address = (target as IPEndPoint)?.Address.GetAddressBytes() ?? [];
        var number = name?.Port ?? ((IPEndPoint)target).Port;
        byte[] port = [(byte)(number >> 8), (byte)number];
        byte[] text = name is null ? [] : Encoding.ASCII.GetBytes(name.Host);
        byte[] user = Version == SocksVersion.Socks5 || Login is null ? [] : Encoding.ASCII.GetBytes(Login.User);
        return (Version, name) switch
        {
            (SocksVersion.Socks5, null) => [5, command, 0, address.Length == 4 ? (byte)1 : (byte)4, .. address, .. port],
            (SocksVersion.Socks5, _) => [5, command, 0, 3, (byte)text.Length, .. text, .. port],
            (_, null) => [4, command, .. port, .. address, .. user, 0],
            _ => [4, command, .. port, 0, 0, 0, 1, .. user, 0, .. text, 0],
        };
    }

    private static async Task<byte[]> ReadAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        await stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(_limit);
        return bytes;
    }
}

/// <summary>With SOCKS 4 a name goes by 4a.</summary>
public enum SocksVersion
{
    Socks4,
    Socks5,
}

/// <summary>A port of the proxy's that waits for one connection.</summary>
/// <param name="Proxy">Whose it is.</param>
/// <param name="Socket">First the connection to the proxy, then the one from the peer.</param>
/// <param name="EndPoint">What the first reply names.</param>
public sealed record SocksBinding(SocksProxy Proxy, Socket Socket, IPEndPoint EndPoint) : IDisposable
{
    /// <summary>The second reply: who has connected.</summary>
    public Task<IPEndPoint> AcceptedAsync() => Proxy.ReplyAsync(Socket);

    public void Dispose() => Socket.Dispose();
}

/// <summary>What the proxy has said instead of success: REP of SOCKS 5, CD of SOCKS 4, or the answer to a login.</summary>
public sealed class SocksRefusedException(byte code) : Exception($"the proxy answers {code}")
{
    public byte Code => code;
}
