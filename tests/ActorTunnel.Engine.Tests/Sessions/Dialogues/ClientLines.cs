using System.Net.Sockets;
using System.Text;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Dialogues;

/// <summary>What a client reads on its control connection: lines with their ends as they came.</summary>
internal sealed class ClientLines(Socket socket)
{
    private readonly byte[] _buffer = new byte[4096];
    private string _rest = "";

    /// <summary>The next line; what is left without an end; or nothing.</summary>
    public async Task<string> ReadAsync()
    {
        while (!_rest.Contains('\n'))
        {
            var count = await ReceiveAsync();
            if (count == 0)
                return Take(_rest.Length);
            _rest += Encoding.Latin1.GetString(_buffer, 0, count);
        }

        return Take(_rest.IndexOf('\n', StringComparison.Ordinal) + 1);
    }

    /// <summary>A connection that is closed with commands unread ends by a reset, whatever was said before it.</summary>
    private async Task<int> ReceiveAsync()
    {
        try
        {
            return await socket.ReceiveAsync(_buffer.AsMemory()).Soon();
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return 0;
        }
    }

    private string Take(int count)
    {
        var line = _rest[..count];
        _rest = _rest[count..];
        return line;
    }
}
