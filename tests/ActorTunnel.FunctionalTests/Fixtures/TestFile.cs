using System.Security.Cryptography;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>Files with random content, compared by SHA-256.</summary>
internal static class TestFile
{
    public const long Kibibyte = 1024;
    public const long Mebibyte = 1024 * Kibibyte;
    public const long Gibibyte = 1024 * Mebibyte;

    private const int BlockLength = 1024 * 1024;

    /// <summary>Writes a new file of <paramref name="length"/> bytes, none of which repeats a part before.</summary>
    public static async Task<string> CreateAsync(string path, long length)
    {
        await using var file = File.Create(path, BlockLength);
        var block = new byte[(int)Math.Min(length, BlockLength)];
        for (var left = length; left > 0; left -= block.Length)
        {
            Random.Shared.NextBytes(block);
            await file.WriteAsync(block.AsMemory(0, (int)Math.Min(left, block.Length)));
        }

        return path;
    }

    /// <summary>SHA-256 of a file, in hexadecimal.</summary>
    public static async Task<string> HashAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexString(await SHA256.HashDataAsync(file));
    }

    /// <summary>Fails unless both files exist with the same content.</summary>
    public static async Task AssertSameAsync(string expected, string actual, Outcome outcome)
    {
        Assert.True(File.Exists(actual), $"no file arrived: {outcome}");
        Assert.Equal(new FileInfo(expected).Length, new FileInfo(actual).Length);
        Assert.Equal(await HashAsync(expected), await HashAsync(actual));
    }
}
