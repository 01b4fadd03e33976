using Microsoft.Win32.SafeHandles;

namespace ActorTunnel.Ssh.Interop;

/// <summary>Owns an <c>EVP_PKEY</c>. Freeing it wipes the secret inside.</summary>
internal sealed class EvpKeyHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Libcrypto.EVP_PKEY_free(handle);
        return true;
    }
}

/// <summary>Owns an <c>EVP_PKEY_CTX</c>.</summary>
internal sealed class EvpKeyContextHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Libcrypto.EVP_PKEY_CTX_free(handle);
        return true;
    }
}

/// <summary>Owns an <c>EVP_MD_CTX</c>.</summary>
internal sealed class EvpDigestContextHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Libcrypto.EVP_MD_CTX_free(handle);
        return true;
    }
}

/// <summary>Owns an <c>EVP_CIPHER_CTX</c>. Freeing it wipes the key inside.</summary>
internal sealed class EvpCipherContextHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Libcrypto.EVP_CIPHER_CTX_free(handle);
        return true;
    }
}

/// <summary>Owns an <c>EVP_MAC</c>.</summary>
internal sealed class EvpMacHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Libcrypto.EVP_MAC_free(handle);
        return true;
    }
}

/// <summary>Owns an <c>EVP_MAC_CTX</c>. Freeing it wipes the key inside.</summary>
internal sealed class EvpMacContextHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Libcrypto.EVP_MAC_CTX_free(handle);
        return true;
    }
}
