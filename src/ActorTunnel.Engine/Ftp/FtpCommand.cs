using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// One command line. It is understood as far as a tunnel needs and goes on byte for byte: arguments are file names in whatever
/// encoding the two ends agreed on, trailing spaces included. Compared by identity, since a client may send the same line twice.
/// </summary>
internal sealed class FtpCommand
{
    /// <summary>Letters of most verbs.</summary>
    public const int VerbLength = 4;

    // NUL too: a server written in C ends the word there.
    private static readonly SearchValues<byte> _verbEnd = SearchValues.Create(" \t\0\r"u8);

    private static readonly SearchValues<byte> _letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    // RFC 959 has letters only; servers have XSHA256 and P@SW.
    private static readonly SearchValues<byte> _lettersOfWords =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@-_."u8);

    private readonly byte[] _line;
    private readonly Range _word;
    private readonly Range _argument;
    private readonly Range _exactArgument;

    private FtpCommand(byte[] line, FtpVerb verb, Range word, Range argument, Range exactArgument)
    {
        _line = line;
        _word = word;
        _argument = argument;
        _exactArgument = exactArgument;
        Verb = verb;
    }

    /// <summary>Stands for the connect itself, which the server answers with its greeting (RFC 959, section 5.4).</summary>
    public static FtpCommand Greeting { get; } = new([], FtpVerb.Other, ..0, ..0, ..0);

    public FtpVerb Verb { get; }

    /// <summary>The line as received, with Telnet sequences and line end.</summary>
    public ReadOnlyMemory<byte> Line => _line;

    /// <summary>What the verb is read from: behind Telnet sequences and spaces.</summary>
    public ReadOnlySpan<byte> Word => _line.AsSpan(_word);

    /// <summary>What follows the verb and its spaces, without the line end.</summary>
    public ReadOnlySpan<byte> Argument => _line.AsSpan(_argument);

    /// <summary>What follows the verb and one space: a password may begin with more.</summary>
    public ReadOnlySpan<byte> ExactArgument => _line.AsSpan(_exactArgument);

    /// <summary>Some server may end the line there, and take what follows for another command.</summary>
    public bool HasLineBreak => _line.AsSpan().TrimEnd("\r\n"u8).IndexOfAny((byte)'\r', (byte)'\0') >= 0;

    /// <summary>STAT and MLST answer on the control connection, so they are no transfers.</summary>
    public TransferDirection Direction => Verb switch
    {
        FtpVerb.Retr or FtpVerb.List or FtpVerb.Nlst or FtpVerb.Mlsd => TransferDirection.Download,
        FtpVerb.Stor or FtpVerb.Stou or FtpVerb.Appe => TransferDirection.Upload,
        _ => TransferDirection.None,
    };

    /// <summary>
    /// Understands a line of <see cref="ControlLineReader"/> and takes it over. Every line is a command: what makes no sense is
    /// <see cref="FtpVerb.Other"/>, for the server to refuse.
    /// </summary>
    // RFC 959, section 5.3:
    //   command   verb of three or four letters, upper or lower case
    //   <SP>      one; several are seen
    //   argument  any bytes but CR and LF
    //   <CRLF>
    public static FtpCommand Parse(byte[] line)
    {
        var end = line.AsSpan() switch
        {
            [.., (byte)'\r', (byte)'\n'] => line.Length - 2,
            [.., (byte)'\n'] => line.Length - 1,
            _ => line.Length,
        };
        var verb = SkipTelnet(line.AsSpan(0, end));
        var verbLength = line.AsSpan(verb..end).IndexOfAny(_verbEnd);
        var verbEnd = verbLength < 0 ? end : verb + verbLength;
        var argument = line.AsSpan(verbEnd..end).IndexOfAnyExcept((byte)' ');
        return new FtpCommand(
            line,
            IsPlain(line.AsSpan(verb..end), verbEnd - verb) ? ParseVerb(line.AsSpan(verb..verbEnd)) : FtpVerb.Garbled,
            verb..verbEnd,
            (argument < 0 ? end : verbEnd + argument)..end,
            Math.Min(verbEnd + 1, end)..end);
    }

    /// <summary>Stands for a line that was too long to be kept.</summary>
    public static FtpCommand TooLong() => new([], FtpVerb.TooLong, ..0, ..0, ..0);

    /// <summary>A command of our own, without its line end.</summary>
    public static FtpCommand Create(string text) => Parse(Encoding.ASCII.GetBytes($"{text}\r\n"));

    /// <summary>A command with an argument of the client's, as it is.</summary>
    public static FtpCommand Create(string verb, ReadOnlySpan<byte> argument) =>
        Parse([.. Encoding.ASCII.GetBytes(verb), (byte)' ', .. argument, (byte)'\r', (byte)'\n']);

    public bool ArgumentIs(string word) => Ascii.EqualsIgnoreCase(Argument.Trim((byte)' '), word);

    /// <summary>Wipes a line that holds a secret, or may: a garbled one cannot be told. For when it is written and answered.</summary>
    public void Erase()
    {
        if (Verb is FtpVerb.Pass or FtpVerb.Acct or FtpVerb.Garbled)
            CryptographicOperations.ZeroMemory(_line);
    }

    /// <summary>The verb alone: arguments hold passwords and other people's file names, which do not belong in logs.</summary>
    public override string ToString() => Verb.ToString().ToUpperInvariant();

    // The bytes stay in the line, for servers look for them.
    private static int SkipTelnet(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (true)
        {
            var length = text[at..] is [(byte)' ', ..] ? 1 : Telnet.CommandLength(text[at..]);
            if (length == 0)
                return at;
            at += length;
        }
    }

    // Servers differ in what they make of all else: Telnet sequences inside are taken out (ProFTPD), quotes too (ProFTPD), letters of other
    // alphabets become S and I in capitals (Python), blanks of other kinds are skipped, and a line may end at a bare CR or a NUL.
    private static bool IsPlain(ReadOnlySpan<byte> command, int length) =>
        command.IsEmpty || (length > 0 && command[..length].IndexOfAnyExcept(_lettersOfWords) < 0);

    private static FtpVerb ParseVerb(ReadOnlySpan<byte> word)
    {
        // Pure-FTPd's second name for PASV, made to slip past devices that rewrite it.
        if (Ascii.EqualsIgnoreCase(word, "P@SW"u8))
            return FtpVerb.Pasv;

        // Enum.TryParse would also read numbers and lists, hence letters only.
        Span<char> name = stackalloc char[VerbLength];
        return word.Length == VerbLength
            && word.IndexOfAnyExcept(_letters) < 0
            && Ascii.ToUtf16(word, name, out _) == OperationStatus.Done
            && Enum.TryParse<FtpVerb>(name, ignoreCase: true, out var verb)
                ? verb
                : FtpVerb.Other;
    }
}
