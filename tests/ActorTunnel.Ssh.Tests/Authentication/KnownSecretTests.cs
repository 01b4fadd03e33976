using System.Text;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Authentication;

/// <summary>A known secret as password and as the answer to a question; the server is played by the test.</summary>
public sealed class KnownSecretTests : IDisposable
{
    private readonly Secret _secret = new("secret"u8);

    public void Dispose() => _secret.Dispose();

    [Fact]
    public async Task A_known_password_logs_in_by_whichever_way_there_is()
    {
        var byPassword = MemoryPair.ServerOptions with { CheckPassword = (_, password, _) => new(IsSecret(password)) };
        var byQuestion = MemoryPair.ServerOptions with
        {
            CheckPassword = null,
            CheckInteractive = new(new("Password: ", Echo: false), (_, answer, _) => new(IsSecret(answer))),
        };
        foreach (var server in (SshServerOptions[])[byPassword, byQuestion])
        {
            await using var pair = await MemoryPair.ConnectAsync(MemoryPair.ClientOptions with { Credentials = Both() }, server);
            Assert.Equal("alice", pair.Server.User);
        }
    }

    [Fact]
    public async Task A_known_password_is_offered_once()
    {
        var failed = await FailAsync([new PasswordCredential(_secret)], async server =>
        {
            await server.OfferMethodsAsync("password");
            Assert.Equal("password", await server.ReadMethodAsync());
            Refuse(server, "password");
        });
        Assert.Contains("tried password;", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_was_refused_as_password_is_not_tried_as_answer()
    {
        using var same = new Secret("secret"u8);
        var failed = await FailAsync([new PasswordCredential(_secret), new KeyboardInteractiveCredential(same)], async server =>
        {
            await server.OfferMethodsAsync("password", "keyboard-interactive");
            Assert.Equal("password", await server.ReadMethodAsync());
            Refuse(server, "password", "keyboard-interactive");
        });
        Assert.Contains("tried password;", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_was_refused_as_answer_is_not_tried_as_password()
    {
        using var same = new Secret("secret"u8);
        var failed = await FailAsync([new KeyboardInteractiveCredential(same), new PasswordCredential(_secret)], async server =>
        {
            await server.OfferMethodsAsync("password", "keyboard-interactive");
            Assert.Equal("keyboard-interactive", await server.ReadMethodAsync());
            server.Send(new UserauthInfoRequestMessage("", "", [("Password: ", false)]));
            Assert.Equal(["secret"], await ResponsesAsync(server));
            Refuse(server, "password", "keyboard-interactive");
        });
        Assert.Contains("tried keyboard-interactive;", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_no_question_was_answered_with_is_tried_as_password()
    {
        await FailAsync([new KeyboardInteractiveCredential(_secret), new PasswordCredential(_secret)], async server =>
        {
            await server.OfferMethodsAsync("password", "keyboard-interactive");
            Assert.Equal("keyboard-interactive", await server.ReadMethodAsync());
            server.Send(new UserauthInfoRequestMessage("", "", [("User: ", true)]));
            Assert.Equal("none", await server.ReadMethodAsync());
            Refuse(server, "password", "keyboard-interactive");
            Assert.Equal("password", await server.ReadMethodAsync());
            Refuse(server, "password", "keyboard-interactive");
        });
    }

    [Fact]
    public async Task Another_secret_than_the_refused_one_is_tried()
    {
        using var other = new Secret("another"u8);
        await FailAsync([new PasswordCredential(other), new KeyboardInteractiveCredential(_secret)], async server =>
        {
            await server.OfferMethodsAsync("password", "keyboard-interactive");
            Assert.Equal("password", await server.ReadMethodAsync());
            Refuse(server, "password", "keyboard-interactive");
            Assert.Equal("keyboard-interactive", await server.ReadMethodAsync());
            Refuse(server, "password", "keyboard-interactive");
        });
    }

    [Fact]
    public async Task A_password_that_was_right_in_part_may_answer_the_second_question()
    {
        await FailAsync(Both(), async server =>
        {
            await server.OfferMethodsAsync("password");
            Assert.Equal("password", await server.ReadMethodAsync());
            server.Send(new UserauthFailureMessage(["keyboard-interactive"], PartialSuccess: true));
            Assert.Equal("keyboard-interactive", await server.ReadMethodAsync());
            Refuse(server, "keyboard-interactive");
        });
    }

    [Fact]
    public async Task Only_one_hidden_question_is_answered_and_what_is_only_shown_is_acknowledged()
    {
        await FailAsync([new KeyboardInteractiveCredential(_secret)], async server =>
        {
            await server.OfferMethodsAsync("keyboard-interactive");
            Assert.Equal("keyboard-interactive", await server.ReadMethodAsync());
            server.Send(new UserauthInfoRequestMessage("", "Welcome", []));
            Assert.Empty(await ResponsesAsync(server));
            server.Send(new UserauthInfoRequestMessage("", "", [("Password: ", false)]));
            Assert.Equal(["secret"], await ResponsesAsync(server));
            server.Send(new UserauthInfoRequestMessage("", "", [("Password again: ", false)]));
            Assert.Equal("none", await server.ReadMethodAsync());
            Refuse(server, "keyboard-interactive");
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_question_whose_answer_is_shown_or_that_has_a_second_one_is_not_answered(bool isShown)
    {
        (string, bool)[] prompts = isShown ? [("User: ", true)] : [("Password: ", false), ("Code: ", false)];
        await FailAsync([new KeyboardInteractiveCredential(_secret)], async server =>
        {
            await server.OfferMethodsAsync("keyboard-interactive");
            Assert.Equal("keyboard-interactive", await server.ReadMethodAsync());
            server.Send(new UserauthInfoRequestMessage("", "", prompts));
            Assert.Equal("none", await server.ReadMethodAsync());
            Refuse(server, "keyboard-interactive");
        });
    }

    [Fact]
    public async Task A_wrong_answer_is_given_once_though_the_server_would_ask_again()
    {
        await FailAsync([new KeyboardInteractiveCredential(_secret)], async server =>
        {
            await server.OfferMethodsAsync("keyboard-interactive");
            Assert.Equal("keyboard-interactive", await server.ReadMethodAsync());
            server.Send(new UserauthInfoRequestMessage("", "", [("Password: ", false)]));
            Assert.Equal(["secret"], await ResponsesAsync(server));
            Refuse(server, "keyboard-interactive");
        });
    }

    [Fact]
    public async Task A_secret_that_is_gone_fails_the_login_with_a_reason()
    {
        var credentials = Both();
        _secret.Dispose();
        var failed = await FailAsync(credentials, async server =>
        {
            await server.OfferMethodsAsync("password");
        });
        Assert.Equal(SshFailure.AuthenticationFailed, failed.Failure);
        Assert.Contains("The secret is not kept any more", failed.Message, StringComparison.Ordinal);
    }

    private SshCredential[] Both() => [new PasswordCredential(_secret), new KeyboardInteractiveCredential(_secret)];

    private static bool IsSecret(ReadOnlyMemory<byte> answer) => answer.Span.SequenceEqual("secret"u8);

    private static void Refuse(HandMadeServer server, params string[] methods) =>
        server.Send(new UserauthFailureMessage(methods, PartialSuccess: false));

    private static async Task<IEnumerable<string>> ResponsesAsync(HandMadeServer server) => UserauthInfoResponseMessage
        .Parse(await server.ReadAsync(MessageNumber.UserauthInfoResponse))
        .Responses
        .Select(Encoding.UTF8.GetString);

    private static async Task<SshException> FailAsync(SshCredential[] credentials, Func<HandMadeServer, Task> play)
    {
        using var hostKey = PrivateKey.Generate("ssh-ed25519");
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        await using var server = new HandMadeServer(serverEnd, hostKey);
        var connecting = MemoryPair.ConnectAsync(clientEnd, MemoryPair.ClientOptions with { Credentials = credentials });
        await play(server);
        return await Assert.ThrowsAsync<SshException>(() => connecting);
    }
}
