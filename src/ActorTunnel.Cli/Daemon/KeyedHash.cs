using System.Security.Cryptography;

namespace ActorTunnel.Cli.Daemon;

/// <summary>Tells whether a secret file has changed, and says nothing of what is in it: the key is of this process alone.</summary>
internal sealed class KeyedHash
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);

    public string Of(ReadOnlySpan<byte> content) => Convert.ToHexString(HMACSHA256.HashData(_key, content));
}
