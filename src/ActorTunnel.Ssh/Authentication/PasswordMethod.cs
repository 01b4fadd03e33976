using System.Buffers;
using System.Security.Cryptography;
using ActorTunnel.Ssh.Messages;

namespace ActorTunnel.Ssh.Authentication;

/// <summary>Password authentication (RFC 4252, section 8), as often as the credential has another answer and the server listens.</summary>
internal sealed class PasswordMethod(PasswordCredential credential) : ClientMethod
{
    public const string MethodName = "password";

    public override string Name => MethodName;

    public override Secret? Secret => credential.Secret;

    public override async ValueTask<AuthenticationResult> TryAsync(
        AuthenticationExchange exchange, CancellationToken cancellationToken)
    {
        AuthenticationResult result = default;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await credential.Ask(attempt, cancellationToken).ConfigureAwait(false) is not { } password)
                break;
            WasTried = HasTold = true;
            Request(exchange, password);
            var reply = await exchange.ReadAsync().ConfigureAwait(false);
            if ((MessageNumber)reply.Span[0] == MessageNumber.UserauthMethodReply)
            {
                // SSH_MSG_USERAUTH_PASSWD_CHANGEREQ
                throw new SshException(
                    SshFailure.AuthenticationFailed, "The password has expired: log in with ssh once and set a new one.");
            }

            result = AuthenticationExchange.ParseResult(reply.Span);
            if (result.IsSuccess || result.IsPartialSuccess || !result.CanContinue.Contains(MethodName))
                break;
        }

        return result;
    }

    private static void Request(AuthenticationExchange exchange, byte[] password)
    {
        var fields = new ArrayBufferWriter<byte>();
        try
        {
            new PasswordFields(password).Write(new(fields));
            exchange.Request(MethodName, fields.WrittenSpan);
        }
        finally
        {
            fields.Clear();
            CryptographicOperations.ZeroMemory(password);
        }
    }
}
