namespace ActorTunnel.Engine.Socks;

/// <summary>Host names, which go into lines and behind length bytes: nothing of them may be read as something else.</summary>
internal static class SocksName
{
    /// <summary>ASCII that is seen, 1 to 255 letters; other names have an xn-- form.</summary>
    public static bool IsValid(string host) =>
        host.Length is > 0 and <= Socks5.MaxText && host.All(letter => letter is > ' ' and < (char)127);
}
