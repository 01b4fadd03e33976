using System.Net;

namespace ActorTunnel.Engine.Socks;

/// <summary>The answer to a request, in the version that it came in.</summary>
internal static class SocksReply
{
    private static readonly IPEndPoint _nowhere = new(IPAddress.Any, 0);

    /// <param name="version">Of the request.</param>
    /// <param name="code">SOCKS 4 has only success and failure.</param>
    /// <param name="bound">BND of BIND; null: nothing to tell, as of a connection that another machine makes.</param>
    public static byte[] Of(SocksVersion version, Socks5ReplyCode code, IPEndPoint? bound = null) => version == SocksVersion.Four
        ? Socks4.Reply(code == Socks5ReplyCode.Succeeded, bound ?? _nowhere)
        : Socks5Server.Reply(code, bound ?? _nowhere);
}
