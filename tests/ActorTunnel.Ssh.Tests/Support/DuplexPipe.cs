using System.IO.Pipelines;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>Two streams connected in memory: what is written to one is read from the other, with backpressure.</summary>
internal static class DuplexPipe
{
    public static (Stream Client, Stream Server) Create()
    {
        var toServer = new Pipe();
        var toClient = new Pipe();
        return (new End(toClient.Reader, toServer.Writer), new End(toServer.Reader, toClient.Writer));
    }

    private sealed class End(PipeReader reader, PipeWriter writer) : Stream
    {
        private readonly Stream _input = reader.AsStream();
        private readonly Stream _output = writer.AsStream();

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await _input.ReadAsync(buffer, cancellationToken);
            }
            catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException)
            {
                throw new IOException("The pipe is closed.", exception);
            }
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                await _output.WriteAsync(buffer, cancellationToken);
            }
            catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException)
            {
                throw new IOException("The pipe is closed.", exception);
            }
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            // A read or write that waits ends, as with a socket.
            reader.CancelPendingRead();
            writer.CancelPendingFlush();
            writer.Complete();
            base.Dispose(disposing);
        }
    }
}
