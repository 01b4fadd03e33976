using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Channels;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>A jump host's channel as a stream whose errors name the jump host: "connection lost" alone would blame the server.</summary>
internal sealed class JumpStream(ChannelStream inner, ITunnelChannel channel, ISshTransport jump, string name) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException broken)
        {
            throw await BlameAsync(broken).ConfigureAwait(false);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException broken)
        {
            throw await BlameAsync(broken).ConfigureAwait(false);
        }
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value) => inner.SetLength(value);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The channel may know of the loss a moment before the connection tells why.</summary>
    private async Task<IOException> BlameAsync(IOException broken)
    {
        var isLost = channel.Ended.IsCompleted && await channel.Ended.ConfigureAwait(false) == ChannelEnd.ConnectionLost;
        var reason = isLost ? (await jump.Closed.ConfigureAwait(false)).Message : broken.Message;
        return new IOException($"{name}: {reason}", broken);
    }
}
