using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Socks;

namespace ActorTunnel.Engine.Proxies;

/// <summary>What a proxy's refusal means here.</summary>
internal static class ProxyRefusals
{
    /// <summary>RFC 1928, section 6.</summary>
    public static (Failure Failure, string Reason) Of(Socks5ReplyCode code) => code switch
    {
        Socks5ReplyCode.NotAllowed => (Failure.Prohibited, "the proxy's rules forbid it"),
        Socks5ReplyCode.NetworkUnreachable => (Failure.Unreachable, "its network cannot be reached from the proxy"),
        Socks5ReplyCode.HostUnreachable => (Failure.Unreachable, "the proxy cannot reach or does not know that host"),
        Socks5ReplyCode.ConnectionRefused => (Failure.ConnectionRefused, "nothing listens there"),
        Socks5ReplyCode.TtlExpired => (Failure.Timeout, "no answer in time"),
        Socks5ReplyCode.CommandNotSupported => (Failure.Protocol, "the proxy makes no connections"),
        Socks5ReplyCode.AddressTypeNotSupported => (Failure.Protocol, "the proxy does not take this kind of address"),
        Socks5ReplyCode.GeneralFailure => (Failure.Unreachable, "general failure of the proxy"),
        _ => (Failure.Protocol, $"reply code {(byte)code}"),
    };

    /// <summary>RFC 9110, section 15.</summary>
    public static (Failure Failure, string Reason) Of(int status, string? user) => status switch
    {
        407 when user is null => (
            Failure.Authentication, "it asks for a login: write http://USER@... and give its password in a file (HTTP 407)"),
        407 => (Failure.Authentication, $"it refuses the password of {user} (HTTP 407)"),
        401 or 403 or 405 => (Failure.Prohibited, $"the proxy forbids it (HTTP {status})"),
        404 or 500 or 502 or 503 => (Failure.Unreachable, $"the proxy cannot reach it (HTTP {status})"),
        408 or 504 => (Failure.Timeout, $"no answer in time (HTTP {status})"),
        429 => (Failure.Limit, "the proxy has too much to do (HTTP 429)"),
        _ => (Failure.Protocol, $"HTTP {status}"),
    };
}
