using ActorTunnel.Engine.Configuration;
using ActorTunnel.Ssh.Authentication;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>
/// A profile for whoever keeps it longer than who asked with it: its secrets, and those of its jump hosts, are copies, zeroed here.
/// </summary>
internal sealed class KeptProfile : IDisposable
{
    private readonly List<Secret> _copies = [];

    /// <exception cref="ObjectDisposedException">A secret has been zeroed already: who asked has gone.</exception>
    public KeptProfile(TunnelProfile profile)
    {
        try
        {
            Profile = Keep(profile);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public TunnelProfile Profile { get; }

    /// <summary>Zeroes the copies. A login under way with one fails.</summary>
    public void Dispose() => _copies.ForEach(copy => copy.Dispose());

    private TunnelProfile Keep(TunnelProfile profile) => profile with
    {
        Owner = null, // It has done its part: those who ask are told apart before they come here.
        Credentials = [.. profile.Credentials.Select(credential => credential.Copy(_copies))],
        Via = profile.Via is { } via ? Keep(via) : null,
    };
}
