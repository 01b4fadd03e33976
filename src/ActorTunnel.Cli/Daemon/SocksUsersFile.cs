using System.Text;
using ActorTunnel.Cli.Authentication;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Cli.Daemon;

/// <summary>The users of the SOCKS proxy: lines USER:PASSWORD. Empty lines and those with # in front say nothing.</summary>
internal static class SocksUsersFile
{
    private const int MaxFieldLength = 255; // RFC 1929

    /// <param name="path">The file.</param>
    /// <param name="hash">For the stamp, by which a change is noticed.</param>
    /// <exception cref="TunnelException">
    /// <see cref="Failure.Configuration"/>: it cannot be used. The message never has a password in it.
    /// </exception>
    public static (SocksUsers Users, string Stamp) Read(string path, KeyedHash hash)
    {
        try
        {
            using var file = SecretFile.Read(path);
            if (file.IsOpenToOthers)
                throw Unusable($"users file {path} is open to others (mode {file.OctalMode}) and is not used; run: chmod 600 {path}");
            return (new SocksUsers(Parse(file.Content, path)), hash.Of(file.Content.Span));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable($"cannot read the users file: {exception.Message}");
        }
    }

    private static List<(string User, ReadOnlyMemory<byte> Password)> Parse(ReadOnlyMemory<byte> content, string path)
    {
        var users = new List<(string User, ReadOnlyMemory<byte> Password)>();
        for (var (number, rest) = (1, content); rest.Length > 0; number++)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = (end < 0 ? rest : rest[..end]).TrimEnd((byte)'\r');
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.IsEmpty || line.Span[0] == '#')
                continue;

            var colon = line.Span.IndexOf((byte)':');
            if (colon is < 1 or > MaxFieldLength || line.Length - colon - 1 is < 1 or > MaxFieldLength)
                throw Unusable($"{path}, line {number}: write USER:PASSWORD, each of 1 to {MaxFieldLength} bytes");
            var user = Encoding.UTF8.GetString(line.Span[..colon]);
            if (users.Exists(other => other.User == user))
                throw Unusable($"{path}, line {number}: the user {user} stands there twice");
            users.Add((user, line[(colon + 1)..]));
        }

        return users.Count > 0 ? users : throw Unusable($"{path} has no user in it; write lines USER:PASSWORD");
    }

    private static TunnelException Unusable(string message) => new(Failure.Configuration, message);
}
