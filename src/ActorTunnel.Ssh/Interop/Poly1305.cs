namespace ActorTunnel.Ssh.Interop;

/// <summary>The one-time authenticator Poly1305 (RFC 8439, section 2.5). Allocates nothing after it was made.</summary>
internal sealed class Poly1305 : IDisposable
{
    public const int KeySize = 32;

    public const int TagSize = 16;

    private readonly EvpMacContextHandle _context;

    public Poly1305()
    {
        using var mac = Fetch();
        _context = Libcrypto.EVP_MAC_CTX_new(mac); // keeps what it needs of mac
    }

    /// <summary>
    /// Libcrypto 1.1 has it only as a key that is made anew, at some expense, for each packet; FIPS providers leave it out.
    /// </summary>
    public static bool IsSupported { get; } = Libcrypto.IsVersion3 && CanFetch();

    /// <param name="key"><see cref="KeySize"/> bytes that are used for this message only.</param>
    /// <param name="data">The message.</param>
    /// <param name="tag">Receives <see cref="TagSize"/> bytes.</param>
    public void Compute(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> tag)
    {
        Libcrypto.Check(Libcrypto.EVP_MAC_init(_context, key, (nuint)key.Length, 0));
        Libcrypto.Check(Libcrypto.EVP_MAC_update(_context, data, (nuint)data.Length));
        Libcrypto.Check(Libcrypto.EVP_MAC_final(_context, tag, out _, (nuint)tag.Length));
    }

    public void Dispose() => _context.Dispose();

    private static EvpMacHandle Fetch() => Libcrypto.EVP_MAC_fetch(0, "POLY1305", 0);

    private static bool CanFetch()
    {
        using var mac = Fetch();
        Libcrypto.ERR_clear_error();
        return !mac.IsInvalid;
    }
}
