using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.KeyExchange;

/// <summary>A peer that breaks the rules of RFC 4253, sections 7 to 9, and of strict key exchange.</summary>
public sealed class HostileKeyExchangeTests
{
    private const DisconnectReason Failed = DisconnectReason.KeyExchangeFailed;
    private const DisconnectReason Protocol = DisconnectReason.ProtocolError;

    private const SshFailure NothingInCommon = SshFailure.NoCommonAlgorithm;

    private delegate Task Play(ScriptedPeer peer);

    private sealed record Case(Play Play, string Phrase, DisconnectReason Reason, SshFailure Failure = SshFailure.ProtocolError);

    public static TheoryData<string> FromServers => [.. _servers.Keys];

    public static TheoryData<string> FromClients => [.. _clients.Keys];

    // What both roles do wrong in the same way; each begins after the versions.
    private static readonly Dictionary<string, Case> _both = new()
    {
        ["a truncated KEXINIT"] = new(Raw(MessageNumber.KexInit, new byte[16]), "malformed", Protocol),
        ["an empty KEXINIT"] = new(Raw(MessageNumber.KexInit), "malformed", Protocol),
        ["a KEXINIT with bytes left over"] = new(
            Raw(MessageNumber.KexInit, [.. new byte[16 + (10 * 4) + 1 + 4 + 1]]), "malformed", Protocol),
        ["a name-list longer than the packet"] = new(
            Raw(MessageNumber.KexInit, [.. new byte[16], 0x7f, 255, 255, 255]), "malformed", Protocol),
        ["a name-list that is not ASCII"] = new(Raw(MessageNumber.KexInit, [.. new byte[16], 0, 0, 0, 1, 0xff]), "malformed", Protocol),
        ["empty lists"] = new(Raw(MessageNumber.KexInit, new byte[16 + (10 * 4) + 1 + 4]), "in common", Failed, NothingInCommon),
        ["a giant list of nothing we know"] = new(KexInit(m => m with { KeyExchange = GiantList() }), "in common", Failed, NothingInCommon),
        ["a list of empty names"] = new(
            KexInit(m => m with { KeyExchange = [.. new string[20_000].Select(_ => "")] }),
            "in common",
            Failed,
            NothingInCommon),
        ["no common cipher"] = new(KexInit(m => m with { EncryptionToClient = ["3des-cbc"] }), "encryption", Failed, NothingInCommon),
        ["no common compression"] = new(KexInit(m => m with { CompressionToServer = ["zlib"] }), "compression", Failed, NothingInCommon),
        ["terminal escapes for names"] = new(KexInit(m => m with { HostKey = ["\u001b]0;x\u0007"] }), "offers", Failed, NothingInCommon),
        ["KEXINIT twice"] = new(peer =>
        {
            peer.SendKexInit();
            peer.SendKexInit();
            return Task.CompletedTask;
        }, "message 20", Protocol),
        ["NEWKEYS before all"] = new(Raw(MessageNumber.NewKeys), "message 21", Protocol),
        ["NEWKEYS before the secret"] = new(Then(MessageNumber.NewKeys), "message 21", Protocol),
        ["NEWKEYS with content"] = new(Raw(MessageNumber.NewKeys, 1), "malformed", Protocol),
        ["an exchange before KEXINIT"] = new(Raw(MessageNumber.KexEcdhInit, 0, 0, 0, 0), "message 30", Protocol),
        ["a login before KEXINIT"] = new(Raw(MessageNumber.ServiceRequest, 0, 0, 0, 0), "message 5", Protocol),
        ["a login during the exchange"] = new(Then(MessageNumber.ServiceAccept, "ssh-userauth"), "message 6", Protocol),
        ["data during the exchange"] = new(Then(MessageNumber.ChannelData, 0u, "data"), "message 94", Protocol),
        ["success during the exchange"] = new(Then(MessageNumber.UserauthSuccess), "message 52", Protocol),
        ["EXT_INFO during the exchange"] = new(Then(MessageNumber.ExtInfo, 0u), "message 7", Protocol),
        ["a number nobody knows during the exchange"] = new(Then((MessageNumber)200), "message 200", Protocol),
        ["strict, and IGNORE before KEXINIT"] = new(
            async peer =>
            {
                await peer.SendPlainIgnoreAsync();
                peer.SendKexInit();
            },
            "message 20",
            Protocol),
        ["strict, and IGNORE in between"] = new(Then(MessageNumber.Ignore, "nothing"), "message 2", Protocol),
        ["strict, and DEBUG in between"] = new(Then(MessageNumber.Debug, false, "", ""), "message 4", Protocol),
        ["strict, and UNIMPLEMENTED in between"] = new(Then(MessageNumber.Unimplemented, 0u), "message 3", Protocol),
        ["strict, and IGNORE before NEWKEYS"] = new(
            async peer =>
            {
                await peer.ExchangeKexInitAsync();
                await peer.AgreeAsync();
                await peer.ReadNewKeysAsync(); // what was sent before has arrived
                await peer.SendPlainIgnoreAsync();
                peer.SendNewKeys();
            },
            "message 2",
            Protocol),
        ["the exchange twice"] = new(
            async peer =>
            {
                await peer.ExchangeKexInitAsync();
                await peer.AgreeAsync();
                peer.Send(MessageNumber.KexEcdhReply, "", "", "");
            },
            "message 31",
            Protocol),
        ["KEXINIT before NEWKEYS"] = new(
            async peer =>
            {
                await peer.ExchangeKexInitAsync();
                await peer.AgreeAsync();
                peer.SendKexInit();
            },
            "message 20",
            Protocol),
    };

    private static readonly Dictionary<string, Case> _servers = new(_both)
    {
        ["the client's message"] = new(Then(MessageNumber.KexEcdhInit, "value"), "message 30", Failed),
        ["a truncated reply"] = new(Then(MessageNumber.KexEcdhReply, "key"), "malformed", Failed),
        ["a host key of no known type"] = new(
            Then(MessageNumber.KexEcdhReply, 11u, Fields.Of("ssh-dss"), "", ""), "not supported", Failed),
        ["another key type than agreed"] = new(Reply(hostKeyType: "ecdsa-sha2-nistp256"), "another type", Failed),
        ["a signature by another key"] = new(Reply(signerType: "ssh-ed25519"), "signature is wrong", Failed),
        ["a signature by a key of another type"] = new(Reply(signerType: "ssh-rsa"), "signature is wrong", Failed),
        ["a signature of something else"] = new(Reply(signed: hash => [.. hash, 0]), "signature is wrong", Failed),
        ["no signature"] = new(Reply(signature: _ => []), "signature is wrong", Failed),
        ["half a signature"] = new(Reply(signature: proof => proof[..^32]), "signature is wrong", Failed),
        ["a signature with bytes behind it"] = new(Reply(signature: proof => [.. proof, 0]), "signature is wrong", Failed),
        ["a signature under another algorithm's name"] = new(
            Reply(signature: proof => [.. Fields.Of("ssh-ed448"), .. proof.AsSpan(Fields.Of("ssh-ed25519").Length)]),
            "signature is wrong",
            Failed),
        ["an empty value"] = new(Value(), "not valid", Failed),
        ["a value of 31 bytes"] = new(Value(Repeated(1, 31)), "not valid", Failed),
        ["a value of small order"] = new(Value(new byte[32]), "not valid", Failed),
    };

    private static readonly Dictionary<string, Case> _clients = new(_both)
    {
        ["the server's message"] = new(Then(MessageNumber.KexEcdhReply, "", "", ""), "message 31", Failed),
        ["an empty value"] = new(Then(MessageNumber.KexEcdhInit, ""), "not valid", Failed),
        ["a value of small order"] = new(Then(MessageNumber.KexEcdhInit, new string('\0', 32)), "not valid", Failed),
        ["a giant value"] = new(Then(MessageNumber.KexEcdhInit, new string('a', 30_000)), "not valid", Failed),
        ["a value off the curve"] = new(Point([4, .. Repeated(1, 64)]), "not a point", Failed),
        ["a compressed point"] = new(Point([2, .. Repeated(1, 32)]), "not a point", Failed),
        ["the point at infinity"] = new(Point(0), "not a point", Failed),
    };

    [Theory]
    [MemberData(nameof(FromServers))]
    public async Task A_server_that_breaks_the_key_exchange_is_told(string name)
    {
        await using var peer = ScriptedPeer.Server();
        await PlayAsync(peer, _servers[name]);
    }

    [Theory]
    [MemberData(nameof(FromClients))]
    public async Task A_client_that_breaks_the_key_exchange_is_told(string name)
    {
        await using var peer = ScriptedPeer.Client();
        await PlayAsync(peer, _clients[name]);
    }

    [Fact]
    public async Task Names_that_stand_in_a_list_twice_do_no_harm()
    {
        await using var peer = ScriptedPeer.Server();
        await peer.ExchangeKeysAsync(m => m with
        {
            KeyExchange = [.. m.KeyExchange, .. m.KeyExchange],
            EncryptionToServer = [.. m.EncryptionToServer, .. m.EncryptionToServer],
        });
        await peer.ReadAsync(MessageNumber.ServiceRequest);
    }

    [Fact]
    public async Task Without_strict_exchange_what_says_nothing_may_stand_in_between()
    {
        await using var peer = ScriptedPeer.Server();
        await peer.ExchangeVersionsAsync();
        await peer.SendPlainIgnoreAsync();
        peer.SendKexInit(m => m with { KeyExchange = KeyAgreements.Names });
        await peer.ReadKexInitAsync();
        peer.Send(MessageNumber.Debug, true, "x", "");
        await peer.AgreeAsync();
        await peer.ReadNewKeysAsync();
        await peer.SendPlainIgnoreAsync();
        peer.SendNewKeys();
        await peer.ReadAsync(MessageNumber.ServiceRequest);
        Assert.False(peer.IsStrict);
    }

    [Fact]
    public async Task A_wrong_guess_is_passed_over_and_only_one_message_with_it()
    {
        await using var peer = ScriptedPeer.Server();
        await peer.ExchangeVersionsAsync();
        peer.SendKexInit(m => m with { KeyExchange = ["a-guess", .. m.KeyExchange], FirstKexPacketFollows = true });
        peer.Send(MessageNumber.KexEcdhReply, "wrong");
        await peer.ReadKexInitAsync();
        await peer.AgreeAsync();
        peer.SendNewKeys();
        await peer.ReadNewKeysAsync();
        await peer.ReadAsync(MessageNumber.ServiceRequest);

        await using var second = ScriptedPeer.Server();
        await second.ExchangeVersionsAsync();
        second.SendKexInit(m => m with { KeyExchange = ["a-guess", .. m.KeyExchange], FirstKexPacketFollows = true });
        second.Send(MessageNumber.KexEcdhReply, "wrong");
        second.Send(MessageNumber.KexEcdhReply, "wrong");
        await second.AssertEndsAsync("malformed", Failed);
    }

    [Theory]
    [InlineData(21, "message 21")]
    [InlineData(31, "message 31")]
    [InlineData(30, "message 30")]
    public async Task After_the_exchange_its_messages_mean_nothing(byte number, string phrase)
    {
        await using var peer = ScriptedPeer.Server();
        await peer.LoginAsync();
        peer.Send((MessageNumber)number);
        await peer.AssertEndsAsync(phrase);
    }

    [Fact]
    public async Task Extensions_are_told_twice_at_most()
    {
        await using var peer = ScriptedPeer.Server();
        await peer.ExchangeKeysAsync();
        peer.Send(MessageNumber.ExtInfo, 0u);
        peer.Send(MessageNumber.ExtInfo, 1u, "server-sig-algs", "ssh-ed25519");
        peer.Send(MessageNumber.ExtInfo, 0u);
        await peer.AssertEndsAsync("message 7");
    }

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(2u)]
    public async Task Extensions_that_are_not_there_are_malformed(uint count)
    {
        await using var peer = ScriptedPeer.Server();
        await peer.ExchangeKeysAsync();
        peer.Send(MessageNumber.ExtInfo, count, "name", new string('x', 20_000));
        await peer.AssertEndsAsync("malformed");
    }

    [Fact]
    public async Task Data_between_the_peers_KEXINIT_and_its_NEWKEYS_ends_the_connection()
    {
        await using var peer = ScriptedPeer.Server();
        await peer.LoginAsync();
        peer.SendKexInit();
        await peer.ReadKexInitAsync();
        peer.Send(MessageNumber.GlobalRequest, "keepalive@openssh.com", true);
        await peer.AssertEndsAsync("message 80");
    }

    private static async Task PlayAsync(ScriptedPeer peer, Case wrong)
    {
        await peer.ExchangeVersionsAsync();
        await wrong.Play(peer);
        await peer.AssertEndsAsync(wrong.Phrase, wrong.Reason, wrong.Failure);
    }

    private static Play Raw(MessageNumber number, params byte[] body) => peer =>
    {
        peer.Send(new RawMessage(number, body));
        return Task.CompletedTask;
    };

    private static Play KexInit(Func<KexInitMessage, KexInitMessage> change) => peer =>
    {
        peer.SendKexInit(change);
        return Task.CompletedTask;
    };

    /// <summary>KEXINIT in order, then this.</summary>
    private static Play Then(MessageNumber number, params object[] fields) => peer =>
    {
        peer.SendKexInit();
        peer.Send(number, fields);
        return Task.CompletedTask;
    };

    /// <summary>A server's reply that is right but for one thing.</summary>
    private static Play Reply(
        string? hostKeyType = null,
        string? signerType = null,
        Func<byte[], byte[]>? signed = null,
        Func<byte[], byte[]>? signature = null) => async peer =>
    {
        await peer.ExchangeKexInitAsync();
        using var shown = PrivateKey.Generate(hostKeyType ?? "ssh-ed25519");
        using var other = PrivateKey.Generate(signerType ?? "ssh-ed25519");
        var signer = signerType is null ? shown : other;
        using var agreement = KeyAgreements.Create(peer.Agreed.KeyExchange);
        var init = await peer.ReadAsync(MessageNumber.KexEcdhInit);
        var theirs = KexEcdhInitMessage.Parse(init).ClientPublicValue.ToArray();
        var secret = agreement.DeriveSecret(theirs);
        var hash = peer.Transcript.Hash(
            agreement.Hash, shown.PublicKey.Blob.Span, theirs, agreement.PublicValue.Span, secret);
        var proof = signer.Sign(signer.PublicKey.SignatureAlgorithms[0], signed?.Invoke(hash) ?? hash);
        peer.Send(new KexEcdhReplyMessage(
            shown.PublicKey.Blob.Span, agreement.PublicValue.Span, signature?.Invoke(proof) ?? proof));
    };

    private static Play Value(params byte[] value) => async peer =>
    {
        await peer.ExchangeKexInitAsync();
        using var key = PrivateKey.Generate("ssh-ed25519");
        peer.Send(new KexEcdhReplyMessage(key.PublicKey.Blob.Span, value, []));
    };

    /// <summary>A client's value where nistp256 was agreed.</summary>
    private static Play Point(params byte[] point) => async peer =>
    {
        await peer.ExchangeKexInitAsync(m => m with { KeyExchange = ["ecdh-sha2-nistp256", Proposal.StrictClient] });
        peer.Send(new KexEcdhInitMessage(point));
    };

    private static byte[] Repeated(byte value, int count) => [.. Enumerable.Repeat(value, count)];

    private static string[] GiantList() => [.. Enumerable.Range(0, 1500).Select(i => $"unheard-of-{i}@test")];
}
