using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ActorTunnel.Ssh.Interop;

/// <summary>
/// The functions of OpenSSL's libcrypto that <c>System.Security.Cryptography</c> does not offer. It is the same library that .NET
/// itself uses on Linux, so its security updates come with the system's.
/// </summary>
internal static partial class Libcrypto
{
    private const string Name = "libcrypto";
    private const ulong InitNoAtExit = 0x0008_0000; // OPENSSL_INIT_NO_ATEXIT

    // .NET's own order of preference; the functions declared in this file are the same in both.
    private static readonly string[] _fileNames = ["libcrypto.so.3", "libcrypto.so.1.1"];

    private static readonly nint _library = Load();

    // An explicit static constructor: the resolver must be there before the first import below is called.
    static Libcrypto()
    {
        NativeLibrary.SetDllImportResolver(typeof(Libcrypto).Assembly, Resolve);
        // Background threads still sign and decrypt while the process exits: OpenSSL must not tear itself down under them.
        if (IsAvailable)
            _ = OPENSSL_init_crypto(InitNoAtExit, 0);
    }

    /// <summary>Whether the library was found. Nothing else here may be called when it was not.</summary>
    public static bool IsAvailable => _library != 0;

    /// <summary>Whether it is version 3 or later, which has what <c>Libcrypto.Version3.cs</c> declares; 1.1 is the oldest known.</summary>
    public static bool IsVersion3 { get; } = IsAvailable && NativeLibrary.TryGetExport(_library, nameof(EVP_MAC_fetch), out _);

    /// <summary>Throws unless a function answered 1, the library's word for success.</summary>
    public static void Check(int result)
    {
        if (result == 1)
            return;
        ERR_clear_error();
        throw new CryptographicException("OpenSSL's libcrypto could not do a cryptographic operation.");
    }

    [LibraryImport(Name)]
    public static partial EvpKeyHandle EVP_PKEY_new_raw_private_key(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Name)]
    public static partial EvpKeyHandle EVP_PKEY_new_raw_public_key(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_get_raw_public_key(EvpKeyHandle key, Span<byte> publicKey, ref nuint length);

    [LibraryImport(Name)]
    public static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Name)]
    public static partial EvpKeyContextHandle EVP_PKEY_CTX_new(EvpKeyHandle key, nint engine);

    [LibraryImport(Name)]
    public static partial void EVP_PKEY_CTX_free(nint context);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_derive_init(EvpKeyContextHandle context);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_derive_set_peer(EvpKeyContextHandle context, EvpKeyHandle peer);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_derive(EvpKeyContextHandle context, Span<byte> secret, ref nuint length);

    [LibraryImport(Name)]
    public static partial EvpDigestContextHandle EVP_MD_CTX_new();

    [LibraryImport(Name)]
    public static partial void EVP_MD_CTX_free(nint context);

    [LibraryImport(Name)]
    public static partial int EVP_DigestSignInit(
        EvpDigestContextHandle context, nint keyContext, nint digest, nint engine, EvpKeyHandle key);

    [LibraryImport(Name)]
    public static partial int EVP_DigestSign(
        EvpDigestContextHandle context, Span<byte> signature, ref nuint signatureLength, ReadOnlySpan<byte> data, nuint dataLength);

    [LibraryImport(Name)]
    public static partial int EVP_DigestVerifyInit(
        EvpDigestContextHandle context, nint keyContext, nint digest, nint engine, EvpKeyHandle key);

    [LibraryImport(Name)]
    public static partial int EVP_DigestVerify(
        EvpDigestContextHandle context, ReadOnlySpan<byte> signature, nuint signatureLength, ReadOnlySpan<byte> data, nuint dataLength);

    [LibraryImport(Name)]
    public static partial nint EVP_aes_128_ctr();

    [LibraryImport(Name)]
    public static partial nint EVP_aes_192_ctr();

    [LibraryImport(Name)]
    public static partial nint EVP_aes_256_ctr();

    [LibraryImport(Name)]
    public static partial nint EVP_chacha20();

    [LibraryImport(Name)]
    public static partial EvpCipherContextHandle EVP_CIPHER_CTX_new();

    [LibraryImport(Name)]
    public static partial void EVP_CIPHER_CTX_free(nint context);

    [LibraryImport(Name)]
    public static partial int EVP_CipherInit_ex(
        EvpCipherContextHandle context, nint cipher, nint engine, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, int encrypt);

    [LibraryImport(Name)]
    public static partial int EVP_CipherUpdate(
        EvpCipherContextHandle context, Span<byte> output, out int outputLength, ReadOnlySpan<byte> input, int inputLength);

    // The error queue belongs to the thread. An entry left there would be blamed on whatever .NET does next with OpenSSL.
    [LibraryImport(Name)]
    public static partial void ERR_clear_error();

    [LibraryImport(Name)]
    private static partial int OPENSSL_init_crypto(ulong options, nint settings);

    private static nint Load()
    {
        foreach (var fileName in _fileNames)
            if (NativeLibrary.TryLoad(fileName, out var library))
                return library;
        return 0;
    }

    // Zero hands any other library name back to the runtime's own search.
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) => name == Name ? _library : 0;
}
