using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Ssh.Authentication;

namespace ActorTunnel.Cli.Check;

/// <summary>An SSH server and the login there in words.</summary>
internal static class ProfileText
{
    /// <summary>The server, and the jump hosts before it.</summary>
    public static string Server(TunnelProfile profile) =>
        Address(profile) + (profile.Via is { } via ? $" through {via.User}@{Server(via)}" : "");

    /// <summary>What is shown to the server, in its order.</summary>
    /// <param name="profile">Made for a session.</param>
    /// <param name="fromApplication">The passwords are the FTP user's.</param>
    public static string Login(TunnelProfile profile, bool fromApplication)
    {
        var password = fromApplication ? "the FTP password" : "the profile's password";
        var ways = profile.Credentials.Select(credential => credential switch
        {
            PublicKeyCredential key => $"key {key.PublicKey.Fingerprint}",
            KeyboardInteractiveCredential => $"keyboard-interactive with {password}",
            _ => $"password, {password}",
        }).ToList();
        return ways.Count == 0 ? "nothing to log in with" : string.Join("; ", ways);
    }

    private static string Address(TunnelProfile profile) => $"{HostName.Bracketed(profile.Host)}:{profile.Port}";
}
