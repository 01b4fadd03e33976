using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Authentication;

/// <summary>What the server answered to an authentication request.</summary>
internal readonly record struct AuthenticationResult(bool IsSuccess, bool IsPartialSuccess, IReadOnlyList<string> CanContinue);

/// <summary>The client's side of the dialogue: requests out, answers in, banners shown in between.</summary>
internal sealed class AuthenticationExchange(KeyExchangeLayer connection, string user, Action<string>? showBanner)
{
    /// <summary>Characters of banners shown to the user before authentication ends; the rest is dropped.</summary>
    private const int MaxBannerCharacters = 16 * 1024;

    /// <summary>Banners in one login: a server that sends more wants to keep us, not to tell us something.</summary>
    private const int MaxBanners = 64;

    public string User { get; } = user;

    private int _banners;
    private int _bannerCharacters;

    public async ValueTask RequestServiceAsync()
    {
        connection.Output.Post(new ServiceRequestMessage(ServiceRequestMessage.UserAuthentication));
        var packet = await connection.ReadAsync().ConfigureAwait(false);
        if ((MessageNumber)packet.Span[0] != MessageNumber.ServiceAccept
            || ServiceAcceptMessage.Parse(packet.Span).Service != ServiceRequestMessage.UserAuthentication)
            throw KeyExchangeLayer.Unexpected(packet.Span[0]);
    }

    public void Request(string method, ReadOnlySpan<byte> fields) =>
        connection.Output.Post(new UserauthRequestMessage(User, ServiceRequestMessage.Connection, method, fields));

    /// <summary>The method "none" (RFC 4252, section 5.2): the server answers with the methods there are.</summary>
    public void RequestNone() => Request("none", []);

    public void Respond(byte[][] responses) => connection.Output.Post(new UserauthInfoResponseMessage(responses));

    /// <summary>The server's next answer that is not a banner. Valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync()
    {
        while (true)
        {
            var packet = await connection.ReadAsync().ConfigureAwait(false);
            if ((MessageNumber)packet.Span[0] != MessageNumber.UserauthBanner)
                return packet;
            if (++_banners > MaxBanners)
                throw new SshException(SshFailure.ProtocolError, "The server sends banner after banner.");
            ShowBanner(UserauthBannerMessage.Parse(packet.Span).Text);
        }
    }

    /// <summary>The server's verdict, where nothing else is allowed.</summary>
    public async ValueTask<AuthenticationResult> ReadResultAsync() =>
        ParseResult((await ReadAsync().ConfigureAwait(false)).Span);

    public static AuthenticationResult ParseResult(ReadOnlySpan<byte> packet)
    {
        switch ((MessageNumber)packet[0])
        {
            case MessageNumber.UserauthSuccess:
                EmptyMessage.Check(packet);
                return new(IsSuccess: true, IsPartialSuccess: false, []);
            case MessageNumber.UserauthFailure:
                var failure = UserauthFailureMessage.Parse(packet);
                return new(IsSuccess: false, failure.PartialSuccess, failure.CanContinue);
            default:
                throw KeyExchangeLayer.Unexpected(packet[0]);
        }
    }

    private void ShowBanner(string text)
    {
        var room = MaxBannerCharacters - _bannerCharacters;
        if (showBanner is null || room <= 0)
            return;
        var clean = PeerText.Clean(text, room, keepLines: true);
        _bannerCharacters += clean.Length;
        showBanner(clean);
    }
}
