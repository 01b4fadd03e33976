using System.Buffers;
using System.Security.Cryptography;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Authentication;

/// <summary>Keyboard-interactive authentication (RFC 4256): the server asks, the credential answers, as many rounds as it takes.</summary>
internal sealed class KeyboardInteractiveMethod(KeyboardInteractiveCredential credential) : ClientMethod
{
    public const string MethodName = "keyboard-interactive";

    /// <summary>Questions in one attempt; a dialogue with a person is never that long.</summary>
    private const int MaxRounds = 32;

    public override string Name => MethodName;

    public override Secret? Secret => credential.Secret;

    public override async ValueTask<AuthenticationResult> TryAsync(
        AuthenticationExchange exchange, CancellationToken cancellationToken)
    {
        AuthenticationResult result = default;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            WasTried = true;
            Request(exchange);
            (result, var gaveUp) = await AnswerAsync(exchange, attempt, cancellationToken).ConfigureAwait(false);
            if (gaveUp || result.IsSuccess || result.IsPartialSuccess || !result.CanContinue.Contains(MethodName) || credential.Secret is not null)
                break;
        }

        return result;
    }

    private async ValueTask<(AuthenticationResult Result, bool GaveUp)> AnswerAsync(
        AuthenticationExchange exchange, int attempt, CancellationToken cancellationToken)
    {
        var wasAsked = false;
        var gaveUp = false;
        for (var round = 0; round < MaxRounds; round++)
        {
            var packet = await exchange.ReadAsync().ConfigureAwait(false);
            if ((MessageNumber)packet.Span[0] != MessageNumber.UserauthMethodReply)
                return (AuthenticationExchange.ParseResult(packet.Span), gaveUp || !wasAsked);

            wasAsked = true;
            var request = Clean(UserauthInfoRequestMessage.Parse(packet.Span));
            var answers = credential.Secret is { } secret
                ? AnswerWith(secret, request)
                : await credential.Answer!(request, attempt, cancellationToken).ConfigureAwait(false);
            gaveUp = answers is null;
            if (gaveUp)
            {
                // RFC 4252, section 5: a new request makes the server abandon the one in progress. Too few responses would be a
                // failure by RFC 4256, section 3.4, but sshd hangs up then, without a word.
                exchange.RequestNone();
                continue;
            }

            try
            {
                exchange.Respond(answers!);
            }
            finally
            {
                foreach (var answer in answers!)
                    CryptographicOperations.ZeroMemory(answer);
            }
        }

        throw new SshException(SshFailure.ProtocolError, "The server asks question after question.");
    }

    /// <summary>
    /// A single hidden answer is what a password is; for anything else it would be a guess. A request without prompts is for showing only,
    /// and is answered with nothing (RFC 4256, section 3.4).
    /// </summary>
    private byte[][]? AnswerWith(Secret secret, InteractiveRequest request)
    {
        if (request.Prompts.Count == 0)
            return [];
        if (HasTold || request.Prompts is not [{ Echo: false }])
            return null;
        var answer = SshCredential.Use(secret);
        HasTold = true;
        return [answer];
    }

    // RFC 4256, section 3.1: method specific fields
    //   string    language tag (as defined in [RFC-3066])
    //   string    submethods (ISO-10646 UTF-8)
    private static void Request(AuthenticationExchange exchange)
    {
        var fields = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(fields);
        writer.WriteText("");
        writer.WriteText("");
        exchange.Request(MethodName, fields.WrittenSpan);
    }

    private static InteractiveRequest Clean(UserauthInfoRequestMessage request) => new(
        PeerText.Line(request.Name),
        PeerText.Clean(request.Instruction, PeerText.MaxLine, keepLines: true),
        [.. request.Prompts.Select(prompt => new InteractivePrompt(PeerText.Line(prompt.Text), prompt.Echo))]);
}
