using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Ssh;

namespace ActorTunnel.Cli.Authentication;

/// <summary>The first line of a file, read for each login: nothing keeps it meanwhile, and a new password needs no restart.</summary>
internal static class PasswordFile
{
    public static PasswordSource Source(string path) => _ => new(Read(path));

    private static byte[] Read(string path)
    {
        try
        {
            using var password = UnattendedPassword.FromFile(path);
            return password.Copy();
        }
        catch (TunnelException exception)
        {
            throw new SshException(SshFailure.CredentialUnusable, exception.Message, exception);
        }
    }
}
