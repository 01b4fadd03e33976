using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Socks;

namespace ActorTunnel.Engine.Sessions.Socks;

/// <summary>The reply to a CONNECT.</summary>
internal sealed class SocksReception(SocksVersion version) : Reception
{
    public override ReadOnlyMemory<byte> Accepted => SocksReply.Of(version, Socks5ReplyCode.Succeeded);

    public override ReadOnlyMemory<byte> Refused(Failure failure) => SocksReply.Of(version, (Socks5ReplyCode)failure.SocksCode());
}
