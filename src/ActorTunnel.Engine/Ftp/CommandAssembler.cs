using System.Security.Cryptography;

namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// Makes commands of a client's lines. One that is too long is read away to its end, and is a command all the same: it is refused in its
/// turn, and the session goes on.
/// </summary>
internal sealed class CommandAssembler
{
    /// <summary>Bytes of a line that are read away. Whoever sends more of one does not speak FTP.</summary>
    public const int MaxReadAway = 1024 * 1024;

    private int _readAway;

    /// <summary>There is a line whose end does not come.</summary>
    public bool IsEndless => _readAway > MaxReadAway;

    /// <summary>Takes over the next line or part of a line; gives the command that is complete with it.</summary>
    public FtpCommand? Add(byte[] line)
    {
        var isEnd = line is [.., (byte)'\n'];
        if (isEnd && _readAway == 0)
            return FtpCommand.Parse(line);
        CryptographicOperations.ZeroMemory(line); // It may have been a password.
        _readAway = isEnd ? 0 : _readAway + line.Length;
        return isEnd ? FtpCommand.TooLong() : null;
    }
}
