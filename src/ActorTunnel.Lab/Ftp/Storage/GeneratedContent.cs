using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ActorTunnel.Lab.Ftp.Storage;

/// <summary>
/// The bytes of a file that nobody stores: each is a function of the file's name and the byte's offset, so that a block lost, doubled or
/// from another file changes the hash. The mixing function is SplitMix64 (public domain, S. Vigna).
/// </summary>
internal readonly struct GeneratedContent
{
    private const int HashBlockSize = 64 * 1024;
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private readonly ulong _seed;

    public GeneratedContent(string name, long length)
    {
        Length = length;
        _seed = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
    }

    public long Length { get; }

    /// <summary>Writes the bytes from <paramref name="offset"/> on.</summary>
    public void Fill(long offset, Span<byte> destination)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        var index = (ulong)offset / sizeof(ulong);
        var skip = (int)((ulong)offset % sizeof(ulong));
        while (!destination.IsEmpty)
        {
            var value = Mix(_seed + index++ * GoldenGamma);
            if (skip == 0 && destination.Length >= sizeof(ulong))
            {
                BinaryPrimitives.WriteUInt64LittleEndian(destination, value);
                destination = destination[sizeof(ulong)..];
                continue;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(word, value);
            var taken = Math.Min(sizeof(ulong) - skip, destination.Length);
            word.Slice(skip, taken).CopyTo(destination);
            destination = destination[taken..];
            skip = 0;
        }
    }

    public byte[] Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = ArrayPool<byte>.Shared.Rent(HashBlockSize);
        for (var offset = 0L; offset < Length;)
        {
            var part = block.AsSpan(0, (int)Math.Min(block.Length, Length - offset));
            Fill(offset, part);
            hash.AppendData(part);
            offset += part.Length;
        }

        ArrayPool<byte>.Shared.Return(block);
        return hash.GetHashAndReset();
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
