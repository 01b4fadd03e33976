using System.Text;

namespace ActorTunnel.Engine.Ftp;

/// <summary>The reply to FEAT, without what the tunnel refuses: a client that reads of it would try it.</summary>
internal static class FeatureList
{
    /// <summary>
    /// The same reply without the lines of <paramref name="isRefused"/>, which is asked with the name of each feature in capitals. All other
    /// bytes, line ends and the order stay. Only lines between the first and the last name features; a reply in parts stays as it is.
    /// </summary>
    // RFC 2389, section 3.2:
    //   211-text
    //    SP feature-label [SP feature-parms]
    //   211 text
    // Some servers leave out the space, or begin each line with 211- again.
    public static FtpReply Without(FtpReply reply, Func<string, bool> isRefused)
    {
        var text = reply.Bytes.Span;
        if (!reply.IsWhole || reply.Code != 211)
            return reply;
        var kept = new List<byte>(text.Length);
        var isFirst = true;
        while (!text.IsEmpty)
        {
            var length = text.IndexOf((byte)'\n') + 1 is > 0 and var end ? end : text.Length;
            var line = text[..length];
            text = text[length..];
            if (isFirst || text.IsEmpty || !isRefused(Label(line)))
                kept.AddRange(line);
            isFirst = false;
        }

        return kept.Count == reply.Bytes.Length ? reply : new FtpReply(reply.Code, kept.ToArray());
    }

    private static string Label(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("211-"u8))
            line = line[4..];
        line = line.TrimStart(" \t"u8);
        var length = line.IndexOfAny(" \t\r\n"u8);
        return Encoding.Latin1.GetString(length < 0 ? line : line[..length]).ToUpperInvariant();
    }
}
