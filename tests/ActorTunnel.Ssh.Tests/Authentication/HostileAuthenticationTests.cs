using System.Text;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Authentication;

/// <summary>A peer that breaks the rules of RFC 4252 and RFC 4256, and those of RFC 4253, section 10.</summary>
public sealed class HostileAuthenticationTests
{
    private static readonly PrivateKey _key = PrivateKey.Generate("ssh-ed25519");

    private static readonly SshClientOptions _allMethods = MemoryPair.ClientOptions with
    {
        Credentials =
        [
            Credentials.Of(_key),
            new KeyboardInteractiveCredential((request, _, _) => new([.. request.Prompts.Select(_ => "x"u8.ToArray())])),
            Credentials.Passwords("secret"),
        ],
    };

    private static readonly SshServerOptions _allChecks = MemoryPair.ServerOptions with
    {
        CheckPublicKey = (_, _, _) => new(true),
        CheckInteractive = new(new("Answer:", Echo: false), (_, _, _) => new(false)),
    };

    private delegate Task Play(ScriptedPeer peer);

    public static TheoryData<string> FromServers => [.. _servers.Keys];

    public static TheoryData<string> FromClients => [.. _clients.Keys];

    private static readonly Dictionary<string, (Play Play, string Phrase)> _servers = new()
    {
        ["the acceptance of another service"] = (BeforeService(MessageNumber.ServiceAccept, "ssh-connection"), "message 6"),
        ["the acceptance of a service without a name"] = (BeforeService(MessageNumber.ServiceAccept), "malformed"),
        ["success before the service"] = (BeforeService(MessageNumber.UserauthSuccess), "message 52"),
        ["failure before the service"] = (BeforeService(MessageNumber.UserauthFailure, "password", false), "message 51"),
        ["a request to us"] = (BeforeService(MessageNumber.ServiceRequest, "ssh-userauth"), "message 5"),
        ["a login of its own"] = (First(MessageNumber.UserauthRequest, "root", "ssh-connection", "none"), "message 50"),
        ["a channel before success"] = (First(MessageNumber.ChannelOpen, "session", 1u, 1u, 1u), "message 90"),
        ["a global request before success"] = (First(MessageNumber.GlobalRequest, "keepalive@openssh.com", true), "message 80"),
        ["data before success"] = (First(MessageNumber.ChannelData, 0u, "x"), "message 94"),
        ["a number nobody knows"] = (First((MessageNumber)255), "message 255"),
        ["success with content"] = (First(MessageNumber.UserauthSuccess, 0u), "malformed"),
        ["failure without content"] = (First(MessageNumber.UserauthFailure), "malformed"),
        ["the acceptance of a key nobody offered"] = (First(MessageNumber.UserauthMethodReply, "ssh-ed25519", "blob"), "message 60"),
        ["banner after banner"] = (
            async peer =>
            {
                await peer.BeginAuthenticationAsync();
                for (var i = 0; i < 1000; i++)
                    peer.Send(MessageNumber.UserauthBanner, "buy now", "");
            },
            "banner after banner"),
        ["a truncated banner"] = (First(MessageNumber.UserauthBanner, 1000u), "malformed"),
        ["the acceptance of another key"] = (
            Method("publickey", MessageNumber.UserauthMethodReply, "ssh-ed25519", "another"), "another key"),
        ["the acceptance of another algorithm"] = (
            Method("publickey", MessageNumber.UserauthMethodReply, "ssh-rsa", Encoding.ASCII.GetString(new byte[51])), "another key"),
        ["a truncated acceptance"] = (Method("publickey", MessageNumber.UserauthMethodReply, "ssh-ed25519"), "malformed"),
        ["2^31 prompts"] = (
            Method("keyboard-interactive", MessageNumber.UserauthMethodReply, "", "", "", 0x8000_0000u), "malformed"),
        ["33 prompts"] = (Method("keyboard-interactive", MessageNumber.UserauthMethodReply, "", "", "", 33u), "malformed"),
        ["prompts that are not there"] = (
            Method("keyboard-interactive", MessageNumber.UserauthMethodReply, "", "", "", 5u, "?", false), "malformed"),
        ["question after question"] = (
            async peer =>
            {
                await OfferAsync(peer, "keyboard-interactive");
                for (var i = 0; i < 1000; i++)
                    peer.Send(new UserauthInfoRequestMessage("", "", []));
            },
            "question after question"),
    };

    private static readonly Dictionary<string, (Play Play, string Phrase, DisconnectReason Reason)> _clients = new()
    {
        ["a request for no service"] = (BeforeService(MessageNumber.ServiceRequest), "malformed", DisconnectReason.ProtocolError),
        ["a request for another service"] = (
            BeforeService(MessageNumber.ServiceRequest, "ssh-connection"), "service", DisconnectReason.ServiceNotAvailable),
        ["a login before the service"] = (
            BeforeService(MessageNumber.UserauthRequest, "alice", "ssh-connection", "none"), "message 50", DisconnectReason.ProtocolError),
        ["a login for another service"] = (
            First(MessageNumber.UserauthRequest, "alice", "ssh-shell", "none"), "service", DisconnectReason.ServiceNotAvailable),
        ["success from a client"] = (First(MessageNumber.UserauthSuccess), "message 52", DisconnectReason.ProtocolError),
        ["a channel before success"] = (
            First(MessageNumber.ChannelOpen, "direct-tcpip", 1u, 1u, 1u), "message 90", DisconnectReason.ProtocolError),
        ["answers to nothing"] = (First(MessageNumber.UserauthInfoResponse, 0u), "message 61", DisconnectReason.ProtocolError),
        ["a truncated login"] = (First(MessageNumber.UserauthRequest, "alice"), "malformed", DisconnectReason.ProtocolError),
        ["a user name that is not UTF-8"] = (
            First(MessageNumber.UserauthRequest, 1u, (byte)0xff, "ssh-connection", "none"), "malformed", DisconnectReason.ProtocolError),
        ["a truncated password"] = (
            First(MessageNumber.UserauthRequest, "alice", "ssh-connection", "password", false, 5u),
            "malformed",
            DisconnectReason.ProtocolError),
        ["a truncated key"] = (
            First(MessageNumber.UserauthRequest, "alice", "ssh-connection", "publickey", true, "ssh-ed25519"),
            "malformed",
            DisconnectReason.ProtocolError),
        ["2^31 answers"] = (
            async peer =>
            {
                await peer.BeginAuthenticationAsync();
                peer.Send(MessageNumber.UserauthRequest, "alice", "ssh-connection", "keyboard-interactive", "", "");
                peer.Send(MessageNumber.UserauthInfoResponse, 0x8000_0000u);
            },
            "malformed",
            DisconnectReason.ProtocolError),
    };

    [Theory]
    [MemberData(nameof(FromServers))]
    public async Task A_server_that_breaks_authentication_is_told(string name)
    {
        await using var peer = ScriptedPeer.Server(_allMethods);
        await _servers[name].Play(peer);
        await peer.AssertEndsAsync(_servers[name].Phrase);
    }

    [Theory]
    [MemberData(nameof(FromClients))]
    public async Task A_client_that_breaks_authentication_is_told(string name)
    {
        await using var peer = ScriptedPeer.Client(_allChecks);
        await _clients[name].Play(peer);
        await peer.AssertEndsAsync(_clients[name].Phrase, _clients[name].Reason);
    }

    [Fact]
    public async Task A_flood_of_failures_costs_the_attempts_there_are_and_no_more()
    {
        await using var peer = ScriptedPeer.Server(_allMethods);
        await peer.BeginAuthenticationAsync();
        for (var i = 0; i < 1000; i++)
            peer.Send(new UserauthFailureMessage(["publickey", "password", "keyboard-interactive"], PartialSuccess: false));
        await peer.AssertEndsAsync("failed", DisconnectReason.NoMoreAuthenticationMethods, SshFailure.AuthenticationFailed);
    }

    [Fact]
    public async Task A_giant_banner_is_shown_in_part_and_without_what_drives_a_terminal()
    {
        var shown = "";
        await using var peer = ScriptedPeer.Server(MemoryPair.ClientOptions with { Banner = text => shown += text });
        await peer.BeginAuthenticationAsync();
        for (var i = 0; i < 50; i++)
            peer.Send(MessageNumber.UserauthBanner, "\u001b]0;evil\u0007\u202e" + new string('x', 30_000), "");
        peer.Send(new EmptyMessage(MessageNumber.UserauthSuccess));
        await peer.ConnectedAsync();
        Assert.InRange(shown.Length, 1000, 17 * 1024);
        Assert.DoesNotContain(shown, character => char.IsControl(character) || character == '\u202e');
    }

    [Fact]
    public async Task After_success_authentication_is_over_and_the_connection_lives()
    {
        await using var peer = ScriptedPeer.Server();
        await peer.LoginAsync();
        peer.Send(new EmptyMessage(MessageNumber.UserauthSuccess));
        peer.Send(new UserauthFailureMessage(["password"], PartialSuccess: false));
        peer.Send(MessageNumber.UserauthBanner, "late", "");
        peer.Send(MessageNumber.UserauthMethodReply, "", "", "", 1u, "Password:", false);
        await peer.AssertLivesAsync();
    }

    [Fact]
    public async Task Requests_after_success_are_passed_over_in_silence()
    {
        await using var peer = ScriptedPeer.Client();
        await peer.LoginAsync();
        peer.Send(MessageNumber.UserauthRequest, "root", "ssh-connection", "none");
        peer.Send(MessageNumber.GlobalRequest, "are-you-there@test", true);
        await peer.ReadAsync(MessageNumber.RequestFailure); // the first that comes: RFC 4252, section 5.1
    }

    [Fact]
    public async Task A_client_that_fails_again_and_again_is_sent_away()
    {
        await using var peer = ScriptedPeer.Client();
        await peer.BeginAuthenticationAsync();
        for (var i = 0; i < 100; i++)
            peer.Send(MessageNumber.UserauthRequest, "alice", "ssh-connection", "password", false, "wrong");
        await peer.AssertEndsAsync("Too many", DisconnectReason.NoMoreAuthenticationMethods, SshFailure.AuthenticationFailed);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("keyboard-interactive")]
    [InlineData("publickey")]
    public async Task A_client_that_only_asks_is_sent_away(string method)
    {
        await using var peer = ScriptedPeer.Client(_allChecks);
        await peer.BeginAuthenticationAsync();
        for (var i = 0; i < 1000; i++)
        {
            if (method == "publickey")
            {
                peer.Send(
                    MessageNumber.UserauthRequest, "alice", "ssh-connection", method, false, "ssh-ed25519",
                    (uint)_key.PublicKey.Blob.Length, _key.PublicKey.Blob.ToArray());
            }
            else
            {
                peer.Send(MessageNumber.UserauthRequest, "alice", "ssh-connection", method, "", "");
            }
        }

        await peer.AssertEndsAsync("Too many", DisconnectReason.NoMoreAuthenticationMethods, SshFailure.AuthenticationFailed);
    }

    [Fact]
    public async Task A_signature_for_another_session_does_not_log_in()
    {
        await using var peer = ScriptedPeer.Client(_allChecks);
        await peer.BeginAuthenticationAsync();
        var signature = _key.Sign("ssh-ed25519", PublicKeyMethod.ToSign(new byte[32], "alice", "ssh-ed25519", _key.PublicKey));
        peer.Send(
            MessageNumber.UserauthRequest, "alice", "ssh-connection", "publickey", true, "ssh-ed25519",
            (uint)_key.PublicKey.Blob.Length, _key.PublicKey.Blob.ToArray(), (uint)signature.Length, signature);
        await peer.ReadAsync(MessageNumber.UserauthFailure);
    }

    [Fact]
    public async Task A_password_is_wiped_when_it_was_checked()
    {
        ReadOnlyMemory<byte> kept = default;
        var options = MemoryPair.ServerOptions with
        {
            CheckPassword = (_, password, _) =>
            {
                kept = password;
                return new(true);
            },
        };
        await using var peer = ScriptedPeer.Client(options);
        await peer.LoginAsync();
        Assert.Equal(new byte[6], kept.ToArray());
    }

    private static Play BeforeService(MessageNumber number, params object[] fields) => async peer =>
    {
        await peer.ExchangeKeysAsync();
        peer.Send(number, fields);
    };

    private static Play First(MessageNumber number, params object[] fields) => async peer =>
    {
        await peer.BeginAuthenticationAsync();
        peer.Send(number, fields);
    };

    private static Play Method(string method, MessageNumber number, params object[] fields) => async peer =>
    {
        await OfferAsync(peer, method);
        peer.Send(number, fields);
    };

    /// <summary>Lets our client begin with this method.</summary>
    private static async Task OfferAsync(ScriptedPeer peer, string method)
    {
        await peer.BeginAuthenticationAsync();
        await peer.ReadAsync(MessageNumber.UserauthRequest);
        peer.Send(new UserauthFailureMessage([method], PartialSuccess: false));
        Assert.Equal(method, UserauthRequestMessage.Parse(await peer.ReadAsync(MessageNumber.UserauthRequest)).Method);
    }
}
