using System.Buffers;
using System.Buffers.Binary;
using ActorTunnel.Ssh.Tests.Support;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Tests.Authentication.Agent;

/// <summary>An agent with one key, in memory.</summary>
internal static class PlayedAgent
{
    /// <summary>The client's end of a connection on which one request is answered.</summary>
    public static Stream Start(byte[] blob, Func<byte[], byte[]> sign)
    {
        var (client, server) = DuplexPipe.Create();
        _ = ServeAsync(server, blob, sign);
        return client;
    }

    private static async Task ServeAsync(Stream stream, byte[] blob, Func<byte[], byte[]> sign)
    {
        var header = new byte[sizeof(int)];
        await stream.ReadExactlyAsync(header);
        var request = new byte[BinaryPrimitives.ReadInt32BigEndian(header)];
        await stream.ReadExactlyAsync(request);
        var answer = Answer(request, blob, sign);
        BinaryPrimitives.WriteInt32BigEndian(header, answer.Length);
        await stream.WriteAsync((byte[])[.. header, .. answer]);
    }

    private static byte[] Answer(byte[] request, byte[] blob, Func<byte[], byte[]> sign)
    {
        var answer = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(answer);
        var reader = new SshReader(request);
        if (reader.ReadByte() == 11) // SSH_AGENTC_REQUEST_IDENTITIES
        {
            writer.WriteByte(12);
            writer.WriteUInt32(1);
            writer.WriteString(blob);
            writer.WriteText("a device");
        }
        else
        {
            Assert.True(reader.ReadString().SequenceEqual(blob));
            writer.WriteByte(14); // SSH_AGENT_SIGN_RESPONSE
            writer.WriteString(sign(reader.ReadString().ToArray()));
        }

        return answer.WrittenSpan.ToArray();
    }
}
