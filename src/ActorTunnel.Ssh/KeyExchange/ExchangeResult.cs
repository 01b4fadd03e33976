using System.Buffers;
using System.Security.Cryptography;
using ActorTunnel.Ssh.Protection;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.KeyExchange;

/// <summary>What an exchange yields: the secret K and the exchange hash H, from which all keys follow. Disposing wipes K.</summary>
internal sealed class ExchangeResult(HashAlgorithmName algorithm, byte[] secret, byte[] hash) : IDisposable
{
    public byte[] Hash { get; } = hash;

    /// <summary>The keys of one direction (RFC 4253, section 7.2).</summary>
    public T Protect<T>(
        PacketProtection protection, PacketProtection.Maker<T> maker, byte[] sessionId, bool toServer)
    {
        // Initial IV client to server:     HASH(K || H || "A" || session_id)
        // Initial IV server to client:     HASH(K || H || "B" || session_id)
        // Encryption key client to server: HASH(K || H || "C" || session_id)
        // Encryption key server to client: HASH(K || H || "D" || session_id)
        // Integrity key client to server:  HASH(K || H || "E" || session_id)
        // Integrity key server to client:  HASH(K || H || "F" || session_id)
        var iv = Derive(toServer ? 'A' : 'B', protection.IvSize, sessionId);
        var key = Derive(toServer ? 'C' : 'D', protection.KeySize, sessionId);
        var macKey = Derive(toServer ? 'E' : 'F', protection.MacKeySize, sessionId);
        try
        {
            return maker(key, iv, macKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(iv);
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(macKey);
        }
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(secret);

    // RFC 4253, section 7.2: K1 = HASH(K || H || X || session_id), K2 = HASH(K || H || K1), K3 = HASH(K || H || K1 || K2), ...
    private byte[] Derive(char letter, int size, byte[] sessionId)
    {
        var key = new byte[size];
        var filled = 0;
        while (filled < size)
        {
            var input = new ArrayBufferWriter<byte>();
            var writer = new SshWriter(input);
            writer.WritePositiveMpint(secret);
            writer.WriteBytes(Hash);
            if (filled == 0)
            {
                writer.WriteByte((byte)letter);
                writer.WriteBytes(sessionId);
            }
            else
            {
                writer.WriteBytes(key.AsSpan(0, filled));
            }

            var block = CryptographicOperations.HashData(algorithm, input.WrittenSpan);
            var count = Math.Min(block.Length, size - filled);
            block.AsSpan(0, count).CopyTo(key.AsSpan(filled));
            filled += count;
            CryptographicOperations.ZeroMemory(block);
            input.Clear();
        }

        return key;
    }
}
