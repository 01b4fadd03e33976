using ActorTunnel.Ssh.Messages;

namespace ActorTunnel.Ssh.Transport;

/// <summary>
/// Packets over a stream, which it owns: a reader and a send loop, each with its own key and sequence number. When the end has a
/// cause, the peer is told in a bounded time and the stream is closed, which ends both loops.
/// </summary>
internal sealed class PacketConnection : IPacketConnection
{
    /// <summary>How long the last packets may take: a peer that does not read must not keep a dead connection alive.</summary>
    private static readonly TimeSpan _flushTimeout = TimeSpan.FromSeconds(2);

    private readonly Stream _stream;
    private Task _sending = Task.CompletedTask;

    public PacketConnection(Stream stream, TimeProvider time)
    {
        _stream = stream;
        Time = time;
        Output = new(End);
        Reader = new(stream, time);
        Sender = new(stream, Output, End);
        Completion = CloseWhenEndedAsync();
    }

    public ConnectionEnd End { get; } = new();

    public SendQueue Output { get; }

    public TimeProvider Time { get; }

    public PacketReader Reader { get; }

    public SendLoop Sender { get; }

    public Task Completion { get; }

    public uint SequenceNumber => Reader.SequenceNumber;

    public long LastReceived => Reader.LastReceived;

    /// <summary>Exchanges versions (RFC 4253, section 4.2), then lets packets flow. Gives the peer's line.</summary>
    public async ValueTask<string> ExchangeVersionsAsync()
    {
        try
        {
            await _stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(VersionLine.Ours + "\r\n")).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            throw new SshException(SshFailure.ConnectionLost, $"The SSH connection broke: {exception.Message}", exception);
        }

        var peer = await Reader.ReadVersionAsync().ConfigureAwait(false);
        Start();
        return peer;
    }

    public void Start() => _sending = Sender.RunAsync();

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync() => Reader.ReadAsync();

    public void Dispose() => Reader.Dispose();

    private async Task CloseWhenEndedAsync()
    {
        var end = await End.Cause.ConfigureAwait(false);
        if (Farewell(end) is { } farewell)
            Output.Post(farewell);
        Output.Slots.Close(new(end.Failure, end.Message));
        Output.Complete();
        try
        {
            await _sending.WaitAsync(_flushTimeout, Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The peer does not read. Closing the stream below ends the send loop.
        }

        await _stream.DisposeAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
        Sender.Dispose();
        Output.Discard();
    }

    /// <summary>
    /// Null when there is nobody to tell. The peer hears what it did itself; other messages are for a person here, may name files,
    /// keys and hosts, and are not for a peer that may be the one in between.
    /// </summary>
    private static DisconnectMessage? Farewell(SshEnd end) => end.Failure switch
    {
        SshFailure.ClosedByPeer or SshFailure.ConnectionLost => null,
        SshFailure.ProtocolError => new(DisconnectReason.ProtocolError, end.Message),
        SshFailure.NoCommonAlgorithm => new(DisconnectReason.KeyExchangeFailed, end.Message),
        SshFailure.HostKeyUnknown or SshFailure.HostKeyChanged =>
            new(DisconnectReason.HostKeyNotVerifiable, "The host key was not accepted."),
        SshFailure.AuthenticationFailed or SshFailure.CredentialUnusable =>
            new(DisconnectReason.NoMoreAuthenticationMethods, "Authentication failed."),
        SshFailure.Timeout => new(DisconnectReason.ConnectionLost, "No answer came in time."),
        _ => new(DisconnectReason.ByApplication, "The connection was closed."),
    };
}
