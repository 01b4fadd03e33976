using System.Security.Cryptography;
using System.Text;

namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// The name under which a file lies on the server until all of it is there: <c>.NAME.xxxxxxxx.part</c> in the directory of its final one.
/// The dot hides it from listings and from jobs that take every file, the end from those that go by an extension, and the random digits
/// keep it apart from every other upload.
/// </summary>
internal sealed class TemporaryName
{
    /// <summary>
    /// Bytes of a final name that are repeated in the temporary one, so that a person sees whose it is. A longer one is left out: file
    /// systems take 255 bytes, encrypted ones 143, and nobody tells where a character of it could be cut.
    /// </summary>
    public const int MaxRepeated = 120;

    private const int MarkLength = 8;
    private const byte Nul = 0;

    private TemporaryName(byte[] final, byte[] path, int directoryLength, string mark)
    {
        Final = final;
        Path = path;
        Name = path.AsMemory(directoryLength);
        FinalName = final.AsMemory(directoryLength);
        Mark = mark;
    }

    /// <summary>What the client has said.</summary>
    public ReadOnlyMemory<byte> Final { get; }

    /// <summary>What the server is told instead.</summary>
    public ReadOnlyMemory<byte> Path { get; }

    /// <summary>The random digits: of the name all that belongs in a log.</summary>
    public string Mark { get; }

    // Both without their directory.
    private ReadOnlyMemory<byte> Name { get; }

    private ReadOnlyMemory<byte> FinalName { get; }

    /// <summary>For the argument of a STOR, byte for byte. Null: it names no file that could have another name beside it.</summary>
    public static TemporaryName? For(ReadOnlySpan<byte> argument) =>
        For(argument, RandomNumberGenerator.GetHexString(MarkLength, lowercase: true));

    /// <inheritdoc cref="For(ReadOnlySpan{byte})"/>
    public static TemporaryName? For(ReadOnlySpan<byte> argument, string mark)
    {
        // A server written in C takes a NUL for the end, and would have the name without our digits.
        if (argument.Contains(Nul))
            return null;
        var directoryLength = DirectoryLength(argument);
        var name = argument[directoryLength..];
        if (name.Trim((byte)' ').IsEmpty)
            return null;
        byte[] path =
        [
            .. argument[..directoryLength],
            (byte)'.',
            .. name.Length > MaxRepeated ? [] : (ReadOnlySpan<byte>)[.. name, (byte)'.'],
            .. Encoding.ASCII.GetBytes($"{mark}.part"),
        ];
        return new TemporaryName(argument.ToArray(), path, directoryLength, mark);
    }

    /// <summary>A reply that speaks of the temporary name, for a client that knows only the final one.</summary>
    public FtpReply Hide(FtpReply reply)
    {
        var bytes = reply.Bytes.Span;
        var at = bytes.IndexOf(Name.Span);
        return at < 0
            ? reply
            : new FtpReply(
                reply.Code, (byte[])[.. bytes[..at], .. FinalName.Span, .. bytes[(at + Name.Length)..]], reply.IsComplete);
    }

    /// <summary>
    /// Up to the last separator. Windows servers take a backslash too; elsewhere it is a letter of the name, and what follows may begin
    /// with a dot as well. At the very end it cannot be a separator.
    /// </summary>
    private static int DirectoryLength(ReadOnlySpan<byte> path)
    {
        var slash = path.LastIndexOf((byte)'/');
        var visible = path.TrimEnd((byte)' ');
        var backslash = visible.IsEmpty ? -1 : visible[..^1].LastIndexOf((byte)'\\');
        return Math.Max(slash, backslash) + 1;
    }
}
