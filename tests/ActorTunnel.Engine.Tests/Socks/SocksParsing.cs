using System.Buffers;

namespace ActorTunnel.Engine.Tests.Socks;

/// <summary>A parser of a message that begins with these bytes.</summary>
internal delegate OperationStatus SocksParse<T>(ReadOnlySpan<byte> bytes, out T value, out int length);

/// <summary>Reads with a parser as the proxy does: never more than it says is still to come.</summary>
internal static class SocksParsing
{
    /// <summary>What a client that says all this, and then leaves, is taken to have said.</summary>
    /// <returns>The last answer, the value, and how many bytes have been read.</returns>
    public static (OperationStatus Status, T Value, int Taken) Read<T>(SocksParse<T> parse, byte[] said, int maxLength)
    {
        for (var have = 0; ;)
        {
            var status = parse(said.AsSpan(0, have), out var value, out var length);
            if (status != OperationStatus.NeedMoreData)
                return (status, value, have);
            Assert.InRange(length, have + 1, maxLength);
            if (length > said.Length)
                return (status, value, have);
            have = length;
        }
    }

    /// <summary>A whole message, cut anywhere: done at its last byte and not before, and what is read is never more than it.</summary>
    public static T ReadsExactly<T>(SocksParse<T> parse, byte[] message, int maxLength)
    {
        for (var cut = 0; cut < message.Length; cut++)
        {
            Assert.Equal(OperationStatus.NeedMoreData, parse(message.AsSpan(0, cut), out _, out var length));
            Assert.InRange(length, cut + 1, message.Length);
        }

        var (status, value, taken) = Read(parse, [.. message, 0xAA, 0xBB], maxLength);
        Assert.Equal((OperationStatus.Done, message.Length), (status, taken));
        return value;
    }
}
