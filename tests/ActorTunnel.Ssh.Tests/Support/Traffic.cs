using System.Security.Cryptography;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>Bytes that are different everywhere, so that a lost, doubled or moved piece changes the hash.</summary>
internal static class Traffic
{
    private static readonly byte[] _pattern = RandomNumberGenerator.GetBytes(1024 * 1024 + 13);

    /// <summary>Writes <paramref name="count"/> bytes and gives their SHA-256.</summary>
    public static async Task<string> WriteAsync(Stream stream, long count)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var position = 0L; position < count;)
        {
            var offset = (int)(position % _pattern.Length);
            var piece = _pattern.AsMemory(offset, (int)Math.Min(Math.Min(64 * 1024, _pattern.Length - offset), count - position));
            hash.AppendData(piece.Span);
            await stream.WriteAsync(piece);
            position += piece.Length;
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>Reads to the end and gives the count and SHA-256 of what came.</summary>
    public static async Task<(long Count, string Hash)> ReadAsync(Stream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        var count = 0L;
        while (await stream.ReadAsync(buffer) is > 0 and var read)
        {
            hash.AppendData(buffer.AsSpan(0, read));
            count += read;
        }

        return (count, Convert.ToHexString(hash.GetHashAndReset()));
    }

    /// <summary>SHA-256 of what <see cref="WriteAsync"/> writes.</summary>
    public static async Task<string> HashAsync(long count) => await WriteAsync(Stream.Null, count);
}
