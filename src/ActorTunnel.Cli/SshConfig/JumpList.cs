using ActorTunnel.Cli.CommandLine;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>The value of ProxyJump and <c>-J</c>: hosts with commas between them, in the order in which they are connected to.</summary>
internal static class JumpList
{
    /// <summary>Reads the list; <c>none</c> is an empty one.</summary>
    /// <exception cref="UsageException">It is no such list.</exception>
    public static IReadOnlyList<Destination> Parse(string text)
    {
        // The value is not split into words, so a comment behind it is still there.
        var list = text.Split('#')[0].Trim();
        return list.Equals("none", StringComparison.OrdinalIgnoreCase) ? [] : [.. list.Split(',').Select(Destination.ParseJump)];
    }

    /// <summary>As ssh -G prints it.</summary>
    public static string Format(IEnumerable<Destination> hosts) => string.Join(',', hosts.Select(Format));

    private static string Format(Destination host) =>
        (host.User is null ? "" : $"{host.User}@")
        + (host.Host.Contains(':') || host.Host.All(c => char.IsAsciiDigit(c) || c == '.') ? $"[{host.Host}]" : host.Host)
        + (host.Port is null ? "" : $":{host.Port}");
}
