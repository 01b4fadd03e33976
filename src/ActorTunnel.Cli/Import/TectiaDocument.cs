using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;

namespace ActorTunnel.Cli.Import;

/// <summary>
/// Reads Tectia's XML. Its files name a DTD in a file beside the program: neither that nor anything else outside the file is read, so that
/// an attribute that is not there has the default that Tectia's manual says. Entities of the file's own are bounded in number.
/// </summary>
internal static partial class TectiaDocument
{
    /// <summary>Of a file, in bytes, and of its text with entities in it, in characters.</summary>
    private const int MaxLength = 4 << 20;

    private const int MaxFromEntities = 64 << 10;

    /// <summary>Of elements in each other; Tectia's have six.</summary>
    private const int MaxDepth = 32;

    /// <exception cref="UsageException">It cannot be read.</exception>
    public static TectiaElement Load(string path, ImportNotes notes)
    {
        // Files from mainframes and old Windows say so in their first line; .NET knows these encodings when asked to.
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        try
        {
            using var file = File.OpenRead(path);
            var content = new byte[MaxLength + 1];
            var length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            if (length > MaxLength)
                throw new UsageException($"{PrintableText.Quote(path)} is longer than {MaxLength} bytes: that is no configuration file");
            var document = Load(content[..length]);
            return document.Root is { Name.LocalName: "secsh-broker" } root
                ? new TectiaElement(root, path, notes)
                : throw new UsageException(
                    $"{PrintableText.Quote(path)} is no configuration file of Tectia's Connection Broker or SOCKS proxy:"
                    + " those begin with <secsh-broker>");
        }
        catch (XmlException broken)
        {
            throw new UsageException($"{PrintableText.Quote(path)} cannot be read as XML: {PrintableText.OneLine(broken.Message)}");
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"cannot read {PrintableText.Quote(path)}: {PrintableText.OneLine(broken.Message)}");
        }
    }

    private static XDocument Load(byte[] content)
    {
        Read(content, reader =>
        {
            while (reader.Read())
            {
                if (reader.Depth > MaxDepth)
                    throw new XmlException($"elements stand more than {MaxDepth} deep in each other");
            }

            return true;
        });
        return Read(content, reader => XDocument.Load(reader, LoadOptions.SetLineInfo));
    }

    private static T Read<T>(byte[] content, Func<XmlReader, T> read)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Parse,
            XmlResolver = null,
            MaxCharactersFromEntities = MaxFromEntities,
            MaxCharactersInDocument = MaxLength,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        using var text = Ebcdic(content);
        using var bytes = new MemoryStream(content);
        using var reader = text is null ? XmlReader.Create(bytes, settings) : XmlReader.Create(text, settings);
        return read(reader);
    }

    /// <summary>
    /// Where the SOCKS proxy is at home, files are in EBCDIC, which .NET's XML reader leaves to others (XML 1.0, appendix F.1). Null: it is
    /// something else. Lines end with NEL there, which is no white space to XML.
    /// </summary>
    private static StringReader? Ebcdic(byte[] content)
    {
        var head = content[..Math.Min(content.Length, 200)];
        if (!head.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x4C, 0x6F, 0xA7, 0x94]))
            return null;
        var name = DeclaredEncoding().Match(Encoding.GetEncoding("IBM037").GetString(head)).Groups["name"].Value;
        var isUsual = name.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant() is "" or "IBM1047";
        return new StringReader(Encoding.GetEncoding(isUsual ? "IBM01047" : name).GetString(content).Replace('\u0085', '\n'));
    }

    [GeneratedRegex("""encoding\s*=\s*["'](?<name>[A-Za-z0-9._-]+)["']""")]
    private static partial Regex DeclaredEncoding();
}
