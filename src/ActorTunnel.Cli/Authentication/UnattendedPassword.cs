using System.Security.Cryptography;
using System.Text;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Ssh.Authentication;

namespace ActorTunnel.Cli.Authentication;

/// <summary>The password of a login without a person: from a file, or else from the environment.</summary>
internal static class UnattendedPassword
{
    /// <summary>The variable that is read when there is no password file.</summary>
    public const string Variable = "ACTORTUNNEL_PASSWORD";

    /// <summary>The longest password in bytes; OpenSSH takes no longer ones.</summary>
    public const int MaxLength = 1024;

    /// <summary>Reads the password; null when neither is given. The variable is removed in any case, so that no child gets it.</summary>
    /// <exception cref="TunnelException"><see cref="Failure.Credential"/>: it cannot be used.</exception>
    public static Secret? Read(string? file)
    {
        // The block that the kernel handed over at start still has it, readable by this user alone; .NET cannot reach that.
        var variable = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, null);

        if (file is not null)
            return FromFile(UserPath.Expand(file));
        return string.IsNullOrEmpty(variable) ? null : FromBytes(Encoding.UTF8.GetBytes(variable), Variable);
    }

    /// <summary>Reads the first line of a file that only its user can read.</summary>
    /// <exception cref="TunnelException"><see cref="Failure.Credential"/>: it cannot be used.</exception>
    public static Secret FromFile(string path)
    {
        try
        {
            using var file = SecretFile.Read(path);
            if (file.IsOpenToOthers)
                throw Unusable($"password file {path} is open to others (mode {file.OctalMode}) and is not used; run: chmod 600 {path}");

            var line = file.Content.Span;
            var end = line.IndexOf((byte)'\n');
            return FromBytes((end < 0 ? line : line[..end]).TrimEnd((byte)'\r').ToArray(), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable($"cannot read the password file: {exception.Message}", exception);
        }
    }

    private static Secret FromBytes(byte[] password, string source)
    {
        try
        {
            return password.Length is > 0 and <= MaxLength
                ? new Secret(password)
                : throw Unusable($"{source} must hold a password of 1 to {MaxLength} bytes in its first line");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
    }

    private static TunnelException Unusable(string message, Exception? cause = null) => new(Failure.Credential, message, cause);
}
