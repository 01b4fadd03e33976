using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ActorTunnel.Ssh.Keys.Formats;

/// <summary>
/// One block of a PEM file (RFC 7468), with the headers of RFC 1421 that old encrypted keys have and .NET's reader does not take.
/// </summary>
/// <param name="Label">What stands after BEGIN.</param>
/// <param name="Headers">The lines before the data, by name.</param>
/// <param name="Data">The decoded data.</param>
internal sealed record PemBlock(string Label, IReadOnlyDictionary<string, string> Headers, byte[] Data)
{
    private const int MaximumHeaders = 8;

    private static ReadOnlySpan<byte> Begin => "-----BEGIN "u8;

    private static ReadOnlySpan<byte> Dashes => "-----"u8;

    /// <summary>The first block whose label is <paramref name="wanted"/>; null when there is none that is whole and well-formed.</summary>
    public static PemBlock? Find(ReadOnlySpan<byte> text, Predicate<string> wanted)
    {
        while (text.IndexOf(Begin) is >= 0 and var begin)
        {
            text = text[(begin + Begin.Length)..];
            var labelEnd = text.IndexOf(Dashes);
            if (labelEnd < 0)
                return null;
            var label = Encoding.ASCII.GetString(text[..labelEnd]);
            text = text[(labelEnd + Dashes.Length)..];
            if (!wanted(label))
                continue;
            var end = text.IndexOf(Encoding.ASCII.GetBytes($"-----END {label}-----"));
            return end < 0 ? null : Decode(label, text[..end]);
        }

        return null;
    }

    private static PemBlock? Decode(string label, ReadOnlySpan<byte> body)
    {
        var headers = new Dictionary<string, string>();
        body = body.TrimStart(" \t\r\n"u8);
        while (headers.Count < MaximumHeaders && body.IndexOf((byte)'\n') is > 0 and var lineEnd
            && body[..lineEnd].IndexOf((byte)':') is > 0 and var colon)
        {
            headers[Encoding.ASCII.GetString(body[..colon])] = Encoding.ASCII.GetString(body[(colon + 1)..lineEnd]).Trim();
            body = body[(lineEnd + 1)..];
        }

        var buffer = new byte[Base64.GetMaxDecodedFromUtf8Length(body.Length)];
        try
        {
            return Base64.DecodeFromUtf8(body, buffer, out _, out var written) == OperationStatus.Done && written > 0
                ? new(label, headers, buffer[..written])
                : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }
}
