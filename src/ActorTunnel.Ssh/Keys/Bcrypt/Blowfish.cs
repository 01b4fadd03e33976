using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ActorTunnel.Ssh.Keys.Bcrypt;

/// <summary>
/// Blowfish with the expensive key schedule of bcrypt (N. Provos and D. Mazières, "A Future-Adaptable Password Scheme", 1999,
/// section 4): for <see cref="BcryptPbkdf"/> only, never to encrypt anything.
/// </summary>
internal sealed class Blowfish : IDisposable
{
    private const int Rounds = 16;

    // The P-array, then the four S-boxes: in one pinned array, so that the garbage collector leaves no copies of a key's schedule.
    private readonly uint[] _words = GC.AllocateUninitializedArray<uint>(
        BlowfishTables.Subkeys + BlowfishTables.Substitutions, pinned: true);

    /// <summary>Back to the state before any key.</summary>
    public void Reset() => BlowfishTables.Words.CopyTo(_words);

    /// <summary>
    /// ExpandKey: the key goes into the P-array, then all words are replaced by what encrypting gives, with the salt's words mixed in
    /// before each block. An empty salt is one of zeros. Both lengths are multiples of 8.
    /// </summary>
    public void Expand(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
    {
        for (int i = 0, position = 0; i < BlowfishTables.Subkeys; i++, position = (position + sizeof(uint)) % key.Length)
            _words[i] ^= BinaryPrimitives.ReadUInt32BigEndian(key[position..]);

        uint left = 0;
        uint right = 0;
        for (int i = 0, position = 0; i < _words.Length; i += 2)
        {
            if (!salt.IsEmpty)
            {
                left ^= BinaryPrimitives.ReadUInt32BigEndian(salt[position..]);
                right ^= BinaryPrimitives.ReadUInt32BigEndian(salt[(position + sizeof(uint))..]);
                position = (position + (2 * sizeof(uint))) % salt.Length;
            }

            Encrypt(ref left, ref right);
            _words[i] = left;
            _words[i + 1] = right;
        }
    }

    /// <summary>Encrypts one block of 64 bits: 16 rounds of a Feistel network.</summary>
    public void Encrypt(ref uint left, ref uint right)
    {
        // Which S-box word is read depends on the key, and caches tell: bcrypt is so by design, and it runs on the user's own machine.
        ReadOnlySpan<uint> subkeys = _words.AsSpan(0, BlowfishTables.Subkeys);
        ReadOnlySpan<uint> boxes = _words.AsSpan(BlowfishTables.Subkeys, BlowfishTables.Substitutions);
        var l = left ^ subkeys[0];
        var r = right;
        for (var i = 1; i <= Rounds; i += 2)
        {
            r ^= Mix(boxes, l) ^ subkeys[i];
            l ^= Mix(boxes, r) ^ subkeys[i + 1];
        }

        left = r ^ subkeys[Rounds + 1];
        right = l;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_words.AsSpan()));

    // F(x) = ((S1[a] + S2[b]) ^ S3[c]) + S4[d], where a to d are the bytes of x.
    private static uint Mix(ReadOnlySpan<uint> boxes, uint x) =>
        unchecked(((boxes[(int)(x >> 24)] + boxes[256 + (byte)(x >> 16)]) ^ boxes[512 + (byte)(x >> 8)]) + boxes[768 + (byte)x]);
}
