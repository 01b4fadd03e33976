namespace ActorTunnel.Engine.Tunnels;

/// <summary>Names of actors, for logs.</summary>
internal static class ActorName
{
    /// <summary>Actor names allow few characters, user names any.</summary>
    public static string Of(string name) =>
        string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || "-_.@:".Contains(letter) ? letter : '_'));
}
