using System.Runtime.InteropServices;

namespace ActorTunnel.Ssh.Interop;

/// <summary>Functions that libcrypto has since version 3: to be called only when <see cref="IsVersion3"/>.</summary>
internal static partial class Libcrypto
{
    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial EvpMacHandle EVP_MAC_fetch(nint library, string algorithm, nint properties);

    [LibraryImport(Name)]
    public static partial void EVP_MAC_free(nint mac);

    [LibraryImport(Name)]
    public static partial EvpMacContextHandle EVP_MAC_CTX_new(EvpMacHandle mac);

    [LibraryImport(Name)]
    public static partial void EVP_MAC_CTX_free(nint context);

    [LibraryImport(Name)]
    public static partial int EVP_MAC_init(EvpMacContextHandle context, ReadOnlySpan<byte> key, nuint keyLength, nint parameters);

    [LibraryImport(Name)]
    public static partial int EVP_MAC_update(EvpMacContextHandle context, ReadOnlySpan<byte> data, nuint length);

    [LibraryImport(Name)]
    public static partial int EVP_MAC_final(EvpMacContextHandle context, Span<byte> tag, out nuint length, nuint size);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial EvpKeyContextHandle EVP_PKEY_CTX_new_from_name(nint library, string name, nint properties);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_keygen_init(EvpKeyContextHandle context);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int EVP_PKEY_CTX_set_group_name(EvpKeyContextHandle context, string name);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_generate(EvpKeyContextHandle context, out EvpKeyHandle key);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int EVP_PKEY_get_octet_string_param(
        EvpKeyHandle key, string name, Span<byte> value, nuint size, out nuint length);

    [LibraryImport(Name)]
    public static partial EvpKeyHandle EVP_PKEY_new();

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_copy_parameters(EvpKeyHandle to, EvpKeyHandle from);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_set1_encoded_public_key(EvpKeyHandle key, ReadOnlySpan<byte> value, nuint length);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_CTX_set_dh_pad(EvpKeyContextHandle context, int pad);
}
