using System.Text;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Authentication;

public sealed class AuthenticationTests
{
    [Fact]
    public async Task A_second_password_may_be_the_right_one()
    {
        await using var pair = await MemoryPair.ConnectAsync(
            MemoryPair.ClientOptions with { Credentials = [Credentials.Passwords("wrong", "secret")] });
        Assert.Equal("alice", pair.Server.User);
    }

    [Fact]
    public async Task Passwords_are_wiped_after_use()
    {
        var password = "secret"u8.ToArray();
        await using var pair = await MemoryPair.ConnectAsync(
            MemoryPair.ClientOptions with { Credentials = [new PasswordCredential((_, _) => new(password))] });
        Assert.Equal(new byte[6], password);
    }

    [Fact]
    public async Task Every_key_type_logs_in()
    {
        foreach (var type in (string[])["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"])
        {
            using var key = PrivateKey.Generate(type);
            await using var pair = await MemoryPair.ConnectAsync(
                MemoryPair.ClientOptions with { Credentials = [Credentials.Of(key)] },
                MemoryPair.ServerOptions with { CheckPublicKey = (_, shown, _) => new(shown.Fingerprint == key.PublicKey.Fingerprint) });
            Assert.Equal("alice", pair.Server.User);
        }
    }

    [Fact]
    public async Task A_key_that_the_server_does_not_want_is_never_opened()
    {
        using var key = PrivateKey.Generate("ssh-ed25519");
        var unopened = new PublicKeyCredential(key.PublicKey, (_, _, _) => throw new InvalidOperationException("opened"));
        await using var pair = await MemoryPair.ConnectAsync(
            MemoryPair.ClientOptions with { Credentials = [unopened, Credentials.Passwords("secret")] },
            MemoryPair.ServerOptions with { CheckPublicKey = (_, _, _) => new(false) });
        Assert.Equal("alice", pair.Server.User);
    }

    [Fact]
    public async Task A_key_that_cannot_be_opened_gives_way_to_the_next_credential()
    {
        using var key = PrivateKey.Generate("ssh-ed25519");
        var broken = new PublicKeyCredential(
            key.PublicKey, (_, _, _) => throw new SshException(SshFailure.CredentialUnusable, "wrong passphrase"));
        await using var pair = await MemoryPair.ConnectAsync(
            MemoryPair.ClientOptions with { Credentials = [broken, Credentials.Passwords("secret")] },
            MemoryPair.ServerOptions with { CheckPublicKey = (_, _, _) => new(true) });
        Assert.Equal("alice", pair.Server.User);
    }

    [Fact]
    public async Task Keyboard_interactive_answers_what_it_is_asked()
    {
        InteractiveRequest? asked = null;
        var credential = new KeyboardInteractiveCredential((request, attempt, _) =>
        {
            asked = request;
            return new(attempt < 2 ? [Encoding.UTF8.GetBytes(attempt == 0 ? "41" : "42")] : null);
        });
        await using var pair = await MemoryPair.ConnectAsync(
            MemoryPair.ClientOptions with { Credentials = [credential] },
            MemoryPair.ServerOptions with
            {
                CheckInteractive = new(new("Answer\u001b:", Echo: false), (_, answer, _) => new(answer.Span.SequenceEqual("42"u8))),
            });
        Assert.Equal([new InteractivePrompt("Answer:", Echo: false)], asked!.Prompts);
    }

    [Fact]
    public async Task Keyboard_interactive_given_up_asks_for_no_method_instead_of_answering_too_little()
    {
        var exception = await FailAsync([new KeyboardInteractiveCredential((_, _, _) => new((byte[][]?)null))], async server =>
        {
            await server.OfferMethodsAsync("keyboard-interactive");
            Assert.Equal("keyboard-interactive", await server.ReadMethodAsync());
            server.Send(new UserauthInfoRequestMessage("", "", [("Password:", false)]));
            Assert.Equal("none", await server.ReadMethodAsync());
            server.Send(new UserauthFailureMessage(["keyboard-interactive"], PartialSuccess: false));
        });
        Assert.Equal(SshFailure.AuthenticationFailed, exception.Failure);
    }

    [Fact]
    public async Task A_client_that_gives_up_keyboard_interactive_may_try_another_method()
    {
        await using var pair = await MemoryPair.ConnectAsync(
            MemoryPair.ClientOptions with
            {
                Credentials = [new KeyboardInteractiveCredential((_, _, _) => new((byte[][]?)null)), Credentials.Passwords("secret")],
            },
            MemoryPair.ServerOptions with
            {
                CheckInteractive = new(new("Answer:", Echo: false), (_, _, _) => new(false)),
                CheckPassword = (_, password, _) => new(password.Span.SequenceEqual("secret"u8)),
            });
        Assert.Equal("alice", pair.Server.User);
    }

    [Fact]
    public async Task A_password_that_has_expired_says_what_to_do()
    {
        var exception = await FailAsync([Credentials.Passwords("secret")], async server =>
        {
            await server.OfferMethodsAsync("password");
            await server.ReadMethodAsync();
            server.Send(new RawMessage(MessageNumber.UserauthMethodReply, [0, 0, 0, 0, 0, 0, 0, 0]));
        });
        Assert.Equal(SshFailure.AuthenticationFailed, exception.Failure);
        Assert.Contains("expired", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_partial_success_the_next_method_is_tried_even_if_it_stood_before()
    {
        using var key = PrivateKey.Generate("ssh-ed25519");
        using var hostKey = PrivateKey.Generate("ssh-ed25519");
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        await using var server = new HandMadeServer(serverEnd, hostKey);
        var connecting = MemoryPair.ConnectAsync(
            clientEnd, MemoryPair.ClientOptions with { Credentials = [Credentials.Passwords("secret"), Credentials.Of(key)] });
        await server.OfferMethodsAsync("publickey");
        Assert.Equal("publickey", await server.ReadMethodAsync());
        server.Send(new RawMessage(MessageNumber.UserauthMethodReply, PkOk(key.PublicKey)));
        Assert.Equal("publickey", await server.ReadMethodAsync());
        server.Send(new UserauthFailureMessage(["password"], PartialSuccess: true));
        Assert.Equal("password", await server.ReadMethodAsync());
        server.Send(new EmptyMessage(MessageNumber.UserauthSuccess));
        await using var client = await connecting;
        Assert.False(client.Closed.IsCompleted);
    }

    [Fact]
    public async Task An_acceptance_of_another_key_is_a_broken_protocol()
    {
        using var key = PrivateKey.Generate("ssh-ed25519");
        using var other = PrivateKey.Generate("ssh-ed25519");
        var exception = await FailAsync([Credentials.Of(key)], async server =>
        {
            await server.OfferMethodsAsync("publickey");
            await server.ReadMethodAsync();
            server.Send(new RawMessage(MessageNumber.UserauthMethodReply, PkOk(other.PublicKey)));
        });
        Assert.Equal(SshFailure.ProtocolError, exception.Failure);
    }

    [Fact]
    public async Task Banner_after_banner_ends_the_connection()
    {
        var exception = await FailAsync([Credentials.Passwords("secret")], async server =>
        {
            await server.OfferMethodsAsync("password");
            for (var i = 0; i < 100; i++)
                server.Send(new UserauthBannerMessage("buy now"));
        });
        Assert.Equal(SshFailure.ProtocolError, exception.Failure);
    }

    [Fact]
    public Task A_server_that_refuses_every_password_is_not_asked_for_ever() => AssertBoundedAsync(
        new PasswordCredential((_, _) => new("wrong"u8.ToArray())), "password", _ => Task.CompletedTask);

    [Fact]
    public Task A_server_that_asks_nothing_and_refuses_the_answer_is_not_asked_for_ever() => AssertBoundedAsync(
        new KeyboardInteractiveCredential((_, _, _) => new([])), "keyboard-interactive", async server =>
        {
            server.Send(new UserauthInfoRequestMessage("", "", []));
            await server.ReadAsync(MessageNumber.UserauthInfoResponse);
        });

    [Fact]
    public async Task A_server_that_speaks_Latin_1_is_understood_as_far_as_possible()
    {
        byte[] text = [0, 0, 0, 5, .. "caf"u8, 0xE9, (byte)'!'];
        var banner = "";
        using var hostKey = PrivateKey.Generate("ssh-ed25519");
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        await using var server = new HandMadeServer(serverEnd, hostKey);
        var connecting = MemoryPair.ConnectAsync(clientEnd, MemoryPair.ClientOptions with { Banner = shown => banner = shown });
        await server.OfferMethodsAsync("password");
        server.Send(new RawMessage(MessageNumber.UserauthBanner, [.. text, 0, 0, 0, 0]));
        server.Send(new RawMessage(MessageNumber.Disconnect, [0, 0, 0, 2, .. text, 0, 0, 0, 0]));
        var exception = await Assert.ThrowsAsync<SshException>(() => connecting);
        Assert.Equal("caf\ufffd!", banner);
        Assert.Equal(SshFailure.ClosedByPeer, exception.Failure);
        Assert.Contains("caf\ufffd!", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_without_a_usable_credential_says_so()
    {
        var exception = await FailAsync([Credentials.Passwords("secret")], server => server.OfferMethodsAsync("hostbased"));
        Assert.Equal(
            "Authentication as 'alice' failed: nothing that the server accepts was at hand; the server accepts hostbased.",
            exception.Message);
    }

    [Fact]
    public async Task A_channel_before_login_ends_the_connection()
    {
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        var accepting = MemoryPair.AcceptAsync(serverEnd, MemoryPair.ServerOptions);
        var exception = await FailAsync([Credentials.Passwords("secret")], async server =>
        {
            await server.OfferMethodsAsync("password");
            await server.ReadMethodAsync();
            server.Send(new TcpipOpenMessage(ChannelOpenMessage.ForwardedTcpip, 1, 1, 1, new("", 1, "", 1)));
        });
        Assert.Equal(SshFailure.ProtocolError, exception.Failure);
        await clientEnd.DisposeAsync();
        await Assert.ThrowsAsync<SshException>(() => accepting);
    }

    private static async Task AssertBoundedAsync(SshCredential credential, string method, Func<HandMadeServer, Task> ask)
    {
        var attempts = 0;
        var exception = await FailAsync([credential], async server =>
        {
            await server.OfferMethodsAsync(method);
            for (; attempts < ClientMethod.MaxAttempts; attempts++)
            {
                Assert.Equal(method, await server.ReadMethodAsync());
                await ask(server);
                server.Send(new UserauthFailureMessage([method], PartialSuccess: false));
            }
        });
        Assert.Equal(SshFailure.AuthenticationFailed, exception.Failure);
    }

    private static async Task<SshException> FailAsync(SshCredential[] credentials, Func<HandMadeServer, Task> play)
    {
        using var hostKey = PrivateKey.Generate("ssh-ed25519");
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        await using var server = new HandMadeServer(serverEnd, hostKey);
        var connecting = MemoryPair.ConnectAsync(clientEnd, MemoryPair.ClientOptions with { Credentials = credentials });
        await play(server);
        return await Assert.ThrowsAsync<SshException>(() => connecting);
    }

    private static byte[] PkOk(PublicKey key)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        new UserauthPkOkMessage(key.Type, key.Blob.Span).Write(new(output));
        return output.WrittenSpan.ToArray();
    }
}
