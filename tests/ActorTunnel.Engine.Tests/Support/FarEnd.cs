using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace ActorTunnel.Engine.Tests.Support;

/// <summary>The FTP server's side of a channel: what it would see on its socket, and what it would do to it.</summary>
internal sealed class FarEnd(MemoryChannel channel, PipeReader reader)
{
    /// <summary>The engine's side of it, to look at.</summary>
    public MemoryChannel Channel => channel;

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => channel.SendFromFarAsync(bytes);

    public Task SayAsync(string line) => SendAsync(Encoding.Latin1.GetBytes($"{line}\r\n"));

    /// <summary>The server shuts its side down: CHANNEL_EOF.</summary>
    public void Finish() => channel.EofFromFar();

    /// <summary>The server closes its socket: CHANNEL_EOF and CHANNEL_CLOSE, as sshd does.</summary>
    public void Close()
    {
        channel.EofFromFar();
        channel.CloseFromFar();
    }

    /// <summary>CHANNEL_CLOSE without CHANNEL_EOF.</summary>
    public void Break() => channel.CloseFromFar();

    /// <summary>The next line without its end; null at the end of the stream.</summary>
    public async Task<string?> ReadLineAsync() =>
        await ReadWholeLineAsync() is { Length: > 0 } line ? line.TrimEnd('\n').TrimEnd('\r') : null;

    /// <summary>The next line as it came; what is left without an end; or nothing.</summary>
    public async Task<string> ReadWholeLineAsync()
    {
        while (true)
        {
            var read = await reader.ReadAsync().Soon();
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
                return Encoding.Latin1.GetString(Take(read.Buffer.Slice(0, read.Buffer.GetPosition(1, end))));
            if (read.IsCompleted)
                return Encoding.Latin1.GetString(Take(read.Buffer));
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public async Task ExpectAsync(string line) => Assert.Equal(line, await ReadLineAsync());

    /// <summary>Reads so many bytes, fewer only at the end of the stream.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new MemoryStream();
        while (bytes.Length < count)
        {
            var read = await reader.ReadAsync().Soon();
            if (read.Buffer.IsEmpty && read.IsCompleted)
                break;
            bytes.Write(Take(read.Buffer.Slice(0, Math.Min(read.Buffer.Length, count - bytes.Length))));
        }

        return bytes.ToArray();
    }

    /// <summary>Everything up to the end, and whether the engine said "end of file" or only closed.</summary>
    public async Task<(byte[] Bytes, bool IsWhole)> ReadToEndAsync()
    {
        var bytes = await ReadAsync(int.MaxValue);
        return (bytes, channel.EofSent);
    }

    private byte[] Take(ReadOnlySequence<byte> part)
    {
        var bytes = part.ToArray();
        reader.AdvanceTo(part.End);
        channel.ConsumedByFar(bytes.Length);
        return bytes;
    }
}
