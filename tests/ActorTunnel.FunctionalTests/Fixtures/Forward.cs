using System.Net;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>One <c>-L</c> and the line that says it is ready.</summary>
public sealed record Forward(string Kind, IPEndPoint Listen, IPEndPoint Target)
{
    public static Forward Ftp(IPEndPoint listen, IPEndPoint target) => new("ftp", listen, target);

    public static Forward Tcp(IPEndPoint listen, IPEndPoint target) => new("tcp", listen, target);

    public IEnumerable<string> Arguments => ["-L", $"{Kind}/{Listen}:{Target}"];

    public bool IsReadyLine(string line) => line.StartsWith($"{Kind} {Listen} -> {Target} through ", StringComparison.Ordinal);
}
