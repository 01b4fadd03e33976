using System.Text;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Lab.Ftp.Server;

/// <summary>
/// A command line and its verb in upper case: of the engine's command it is known only when the verb matters to a tunnel.
/// </summary>
internal readonly record struct ClientCommand(string Verb, FtpCommand Line)
{
    // RFC 959, section 5.3: verbs have three or four letters.
    private const int MaxVerbLength = 4;

    // RFC 854: Telnet's commands, which BSD clients send before ABOR.
    private const byte FirstTelnetCommand = 240;

    public static ClientCommand Parse(byte[] line)
    {
        var command = FtpCommand.Parse(line);
        return new ClientCommand(command.Verb == FtpVerb.Other ? Word(line) : command.ToString(), command);
    }

    private static string Word(ReadOnlySpan<byte> line)
    {
        while (line is [>= FirstTelnetCommand or (byte)' ', ..])
            line = line[1..];
        var word = line[..Math.Max(line.IndexOfAny(" \r\n"u8), 0)];
        return word.Length <= MaxVerbLength ? Encoding.ASCII.GetString(word).ToUpperInvariant() : "";
    }
}
