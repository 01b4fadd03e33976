using System.Net.Sockets;
using System.Text;

namespace ActorTunnel.Engine.Tests.Support;

/// <summary>The control connection of an FTP client, line by line.</summary>
internal sealed class ScriptedClient(DataSocket connection) : IDisposable
{
    private readonly StreamReader _reader = new(new NetworkStream(connection.Socket), Encoding.Latin1);

    public Socket Socket => connection.Socket;

    public Task SendAsync(string commands) => SendRawAsync(Encoding.Latin1.GetBytes($"{commands}\r\n"));

    public Task SendRawAsync(ReadOnlyMemory<byte> bytes) => connection.SendAsync(bytes);

    public async Task<string?> ReadLineAsync() => await _reader.ReadLineAsync().Soon();

    public async Task ExpectAsync(string line) => Assert.Equal(line, await ReadLineAsync());

    /// <summary>So many bytes behind the lines that were read, fewer only at a FIN.</summary>
    public async Task<byte[]> ReadRawAsync(int count)
    {
        var letters = new char[count]; // Latin 1: one for each byte.
        return Encoding.Latin1.GetBytes(letters, 0, await _reader.ReadBlockAsync(letters.AsMemory()).Soon());
    }

    /// <summary>One reply of one line.</summary>
    public async Task<string> ExpectAsync(int code)
    {
        var line = await ReadLineAsync();
        Assert.StartsWith($"{code} ", line, StringComparison.Ordinal);
        return line!;
    }

    public async Task ExpectEndAsync() => Assert.Null(await ReadLineAsync());

    /// <summary>FIN: no more commands, replies are still read.</summary>
    public void Finish() => connection.Finish();

    public void Close() => connection.Dispose();

    public void Reset() => connection.Reset();

    public void Dispose() => connection.Dispose();
}
