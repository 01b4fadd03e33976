using System.Buffers.Binary;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Authentication.Agent;

/// <summary>
/// Keys in an SSH agent (draft-ietf-sshm-ssh-agent), which signs with what nobody else can read. Each request has a connection of its
/// own, so that one that hangs holds up no other; what the agent answers is bounded in size and in time, because other programs
/// stand behind that socket.
/// </summary>
/// <param name="connect">Connects to the agent; the stream is disposed after one request.</param>
/// <param name="time">Bounds how long the agent may take.</param>
public sealed class SshAgent(Func<CancellationToken, ValueTask<Stream>> connect, TimeProvider time)
{
    /// <summary>Bytes of the longest answer; as OpenSSH.</summary>
    internal const int MaximumReply = 256 * 1024;

    /// <summary>For an answer that needs no person.</summary>
    internal static readonly TimeSpan ListTimeout = TimeSpan.FromSeconds(10);

    /// <summary>For a signature: somebody may have to say yes or to touch a key. Below sshd's LoginGraceTime of two minutes.</summary>
    internal static readonly TimeSpan SignTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The keys and certificates that the agent has and that can be offered.</summary>
    /// <exception cref="SshException"><see cref="SshFailure.CredentialUnusable"/>: one line that says what the agent did.</exception>
    public async ValueTask<IReadOnlyList<AgentIdentity>> ListAsync(CancellationToken cancellationToken) =>
        await AskAsync(
            AgentMessages.List(), ListTimeout, static answer => AgentMessages.ParseList(answer), cancellationToken).ConfigureAwait(false);

    /// <summary>Has the agent sign; the result is in wire form (string algorithm, string signature).</summary>
    /// <param name="key">A key of <see cref="ListAsync"/>.</param>
    /// <param name="algorithm">The plain algorithm, of a certificate too.</param>
    /// <param name="data">What to sign.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SshException"><see cref="SshFailure.CredentialUnusable"/>: one line that says what the agent did.</exception>
    public async ValueTask<byte[]> SignAsync(
        PublicKey key, string algorithm, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return await AskAsync(
            AgentMessages.Sign(key, algorithm, data.Span),
            SignTimeout,
            answer => AgentMessages.ParseSignature(answer, algorithm),
            cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<T> AskAsync<T>(byte[] request, TimeSpan timeout, Parser<T> parse, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            var stream = await connect(stop.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                await WriteAsync(stream, request, stop.Token).ConfigureAwait(false);
                return parse(await ReadAsync(stream, stop.Token).ConfigureAwait(false));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException
            && timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw AgentMessages.Unusable($"did not answer within {timeout.TotalSeconds} s", exception);
        }
        catch (IOException exception)
        {
            throw AgentMessages.Unusable($"went away: {exception.Message}", exception);
        }
        catch (SshException exception) when (exception.Failure == SshFailure.ProtocolError)
        {
            throw AgentMessages.Unusable($"speaks no language of agents: {exception.Message}", exception);
        }
    }

    // Section 3:
    //   uint32    message length
    //   byte      message type
    //   byte[message length - 1]  message contents
    private static async ValueTask WriteAsync(Stream stream, byte[] message, CancellationToken cancellationToken)
    {
        var framed = new byte[sizeof(uint) + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed, message.Length);
        message.CopyTo(framed.AsSpan(sizeof(uint)));
        await stream.WriteAsync(framed, cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<byte[]> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var header = new byte[sizeof(uint)];
        await stream.ReadExactlyAsync(header, cancellationToken).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (length is 0 or > MaximumReply)
            throw SshReader.Malformed($"a message of {length} bytes, where 1 to {MaximumReply} are allowed");
        var message = new byte[length];
        await stream.ReadExactlyAsync(message, cancellationToken).ConfigureAwait(false);
        return message;
    }

    private delegate T Parser<out T>(ReadOnlySpan<byte> answer);
}
