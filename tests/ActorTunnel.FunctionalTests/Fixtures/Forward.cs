using System.Net;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>One <c>-L</c> and the line that says it is ready.</summary>
public sealed record Forward(string Kind, IPEndPoint Listen, string Target)
{
    public static Forward Ftp(IPEndPoint listen, IPEndPoint target) => Ftp(listen, target.ToString());

    /// <summary>To <c>host:port</c>.</summary>
    public static Forward Ftp(IPEndPoint listen, string target) => new("ftp", listen, target);

    public static Forward Tcp(IPEndPoint listen, IPEndPoint target) => new("tcp", listen, target.ToString());

    public IEnumerable<string> Arguments => ["-L", $"{Kind}/{Listen}:{Target}"];

    public bool IsReadyLine(string line) => line.StartsWith($"{Kind} {Listen} -> {Target} through ", StringComparison.Ordinal);
}
