using System.Text;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Tests.Sessions.Fuzz;

/// <summary>What a client and a server say that are out of their minds, but have known FTP. The same seed gives the same bytes.</summary>
internal sealed class FuzzedDialogue(int seed)
{
    private const int MaxNoise = 200;

    private static readonly string _long = new('x', ControlLineReader.MaxLineLength + 1000);

    private static readonly byte[][] _commands = Samples(
        "USER alice\r\nPASS secret\r\nSYST\r\nFEAT\r\nOPTS UTF8 ON\r\nPWD\r\n",
        "TYPE I\r\nPASV\r\nRETR file\r\nSTAT\r\n",
        "EPSV\r\nSTOR file\r\nNOOP\r\n",
        "P@SW\r\nREST 100\r\nSTOR file\r\n",
        "PORT 127,0,0,1,200,10\r\nLIST\r\n\u00ff\u00f4\u00ff\u00f2ABOR\r\n",
        "EPRT |1|127.0.0.1|51210|\r\nMLSD\r\nABOR\r\nABOR\r\n",
        "EPRT |2|::1|51210|\r\nEPSV 2\r\nAPPE a\r\nSTOU\r\n",
        "\u00ff\u00fb\u0001\u00ff\u00fd\u0006NOOP\r\n",
        "AUTH TLS\r\nPBSZ 0\r\nLPSV\r\nLPRT 4,4\r\n",
        "CWD \u00ff\u00ff\u00e4 \r\0x\nXYZZY\r\n\r\n",
        "MODE B\r\nSTRU R\r\nREIN\r\nUSER bob\r\nPASS p\r\nACCT a\r\nQUIT\r\n",
        "SITE CHMOD 755 a\r\nSIZE a\r\nRNFR a\r\nRNTO b\r\nDELE b\r\n");

    private static readonly byte[][] _longCommands = Samples($"RETR {_long}\r\n");

    private static readonly byte[][] _replies = Samples(
        "200 OK\r\n",
        "230-Welcome\r\n text\r\n230 in\r\n",
        "331 password\r\n",
        "227 Entering Passive Mode (10,0,0,9,11,184).\r\n",
        "227-two\r\n227 lines 10,0,0,9,11,184\r\n",
        "229 Extended (|||3000|)\r\n",
        "150 here\r\n",
        "226 done\r\n",
        "226-done\r\n226 0.1 s\r\n",
        "426 aborted\r\n226 abort successful\r\n",
        "211-Features:\r\n AUTH TLS\r\n EPSV\r\n211 End\r\n",
        "213-Status\r\n226 not the end\r\n213 End\r\n",
        "350 go on\r\n",
        "550 no\r\n",
        "522 family (1,2)\r\n",
        "220 ready\n",
        "230-Welcome\r\n220 ready\r\n",
        "\u00ff\u00fb\u0003\u00ff\u00f1" + "257 \"/\"\r\n");

    private static readonly byte[][] _longReplies = Samples(
        $"200 {_long}{_long}\r\n", $"227 {_long} (10,0,0,9,11,184)\r\n", $"214-{_long}\r\n214 {_long}\r\n");

    private readonly Random _random = new(seed);

    /// <summary>Many commands, cut into segments.</summary>
    public IEnumerable<byte[]> Commands(int length)
    {
        var bytes = new List<byte>();
        while (bytes.Count < length)
            bytes.AddRange(OneOf(_commands, _longCommands));
        bytes.AddRange("\r\n"u8);
        return Cut([.. bytes]);
    }

    /// <summary>What the server says to a command, cut into segments.</summary>
    public IEnumerable<byte[]> Reply(FtpCommand? command)
    {
        var bytes = (_random.Next(3), command?.Verb) switch
        {
            (0, _) or (_, null) => OneOf(_replies, _longReplies),
            (_, FtpVerb.Pasv) => _replies[_random.Next(3, 5)],
            (_, FtpVerb.Epsv) => _replies[5],
            (_, FtpVerb.Feat) => _replies[10],
            (1, _) when command.Direction != TransferDirection.None => _replies[6],
            _ => _replies[0],
        };
        return Cut(bytes);
    }

    public int Next(int count) => _random.Next(count);

    private byte[] OneOf(byte[][] samples, byte[][] rare)
    {
        var noise = new byte[_random.Next(MaxNoise)];
        switch (_random.Next(400))
        {
            case 0:
                return rare[_random.Next(rare.Length)];
            case < 40:
                _random.NextBytes(noise);
                return noise;
            case < 160:
                return Mutation.Of(samples, _random.Next());
            default:
                return samples[_random.Next(samples.Length)];
        }
    }

    private IEnumerable<byte[]> Cut(byte[] bytes)
    {
        var longest = _random.Next(4) == 0 ? 3 : 3000;
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(_random.Next(1, longest + 1), bytes.Length - at);
            yield return bytes[at..(at + length)];
            at += length;
            if (at > 200) // Byte by byte is for a few lines, or it would take all the time.
                longest = 3000;
        }
    }

    private static byte[][] Samples(params string[] samples) => [.. samples.Select(Encoding.Latin1.GetBytes)];
}
