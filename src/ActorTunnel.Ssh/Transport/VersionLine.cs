using System.Text;
using ActorTunnel.Ssh.Messages;

namespace ActorTunnel.Ssh.Transport;

/// <summary>
/// The protocol version exchange (RFC 4253, section 4.2): <c>SSH-protoversion-softwareversion SP comments CR LF</c>, at most 255
/// characters; a server may send other lines before it.
/// </summary>
internal static class VersionLine
{
    public const int MaxLength = 255;

    /// <summary>A server's greeting before its version must end some time.</summary>
    public const int MaxLinesBefore = 100;

    /// <summary>A line before the version may be longer than the version: OpenSSH bounds it the same.</summary>
    public const int MaxOtherLength = 8192;

    public const string Ours = "SSH-2.0-ActorTunnel_0.1";

    public static ReadOnlySpan<byte> Prefix => "SSH-"u8;

    /// <summary>
    /// Takes one line from <paramref name="buffer"/>: false when more bytes are needed. <paramref name="version"/> is null for a
    /// line that is not a version.
    /// </summary>
    /// <exception cref="SshException">The line is too long, holds a zero byte, or names another protocol version.</exception>
    public static bool TryRead(ReadOnlySpan<byte> buffer, out int consumed, out string? version)
    {
        version = null;
        consumed = buffer.IndexOf((byte)'\n') + 1;
        var isVersion = buffer.StartsWith(Prefix);
        var length = consumed == 0 ? buffer.Length : consumed;
        if (length > (isVersion ? MaxLength : MaxOtherLength))
            throw Malformed("its line is too long");
        if (buffer[..length].Contains((byte)0))
            throw Malformed("it holds a zero byte");
        if (consumed == 0)
            return false;
        if (!isVersion)
            return true;

        var line = buffer[..(consumed - 1)];
        if (!line.IsEmpty && line[^1] == '\r')
            line = line[..^1];
        if (line.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
            throw Malformed("it is not printable US-ASCII");
        // RFC 4253, section 5.1: "1.99" is a server that speaks version 1 as well.
        if (!line.StartsWith("SSH-2.0-"u8) && !line.StartsWith("SSH-1.99-"u8))
            throw Malformed("it is not SSH version 2", DisconnectReason.ProtocolVersionNotSupported);
        version = Encoding.ASCII.GetString(line);
        return true;
    }

    public static SshException Malformed(string what, DisconnectReason reason = DisconnectReason.ProtocolError) =>
        new(SshFailure.ProtocolError, $"The peer's SSH version is not acceptable: {what}. Is this an SSH server?")
        {
            DisconnectReason = reason,
        };
}
