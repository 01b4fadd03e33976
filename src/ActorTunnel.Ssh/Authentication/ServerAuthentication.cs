using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Authentication;

/// <summary>
/// Lets a client log in (RFC 4252). Decisions are made by the callbacks of <see cref="SshServerOptions"/>, one request at a time.
/// </summary>
internal sealed class ServerAuthentication(KeyExchangeLayer connection, SshServerOptions options, CancellationToken cancellationToken)
{
    /// <summary>Failed requests before the client is sent away; as OpenSSH, the first "none" not counted.</summary>
    private const int MaxFailures = 6;

    /// <summary>Requests of all kinds, key queries included.</summary>
    private const int MaxRequests = 64;

    // A request that came where an answer to the last one was due.
    private ReadOnlyMemory<byte>? _next;

    private SendQueue Output => connection.Output;

    /// <summary>Gives the name of the user who logged in.</summary>
    public async ValueTask<string> RunAsync()
    {
        await AcceptServiceAsync().ConfigureAwait(false);
        if (options.Banner is not null)
            Output.Post(new UserauthBannerMessage(options.Banner));
        var failures = 0;
        for (var requests = 0; requests < MaxRequests && failures < MaxFailures; requests++)
        {
            var packet = _next ?? await connection.ReadAsync().ConfigureAwait(false);
            _next = null;
            var (user, outcome) = await ServeAsync(packet).ConfigureAwait(false);
            if (outcome == Outcome.Success)
            {
                Output.Post(new EmptyMessage(MessageNumber.UserauthSuccess));
                return user;
            }

            if (outcome == Outcome.Continues)
                continue;
            failures += outcome == Outcome.Failure ? 1 : 0;
            Output.Post(new UserauthFailureMessage(Methods(), PartialSuccess: false));
        }

        throw new SshException(SshFailure.AuthenticationFailed, "Too many authentication failures");
    }

    private async ValueTask AcceptServiceAsync()
    {
        var packet = await connection.ReadAsync().ConfigureAwait(false);
        if ((MessageNumber)packet.Span[0] != MessageNumber.ServiceRequest)
            throw KeyExchangeLayer.Unexpected(packet.Span[0]);
        if (ServiceRequestMessage.Parse(packet.Span).Service != ServiceRequestMessage.UserAuthentication)
            throw NoSuchService();
        Output.Post(new ServiceAcceptMessage(ServiceRequestMessage.UserAuthentication));
    }

    private string[] Methods()
    {
        var methods = new List<string>();
        if (options.CheckPublicKey is not null)
            methods.Add(PublicKeyMethod.MethodName);
        if (options.CheckPassword is not null)
            methods.Add(PasswordMethod.MethodName);
        if (options.CheckInteractive is not null)
            methods.Add(KeyboardInteractiveMethod.MethodName);
        return [.. methods];
    }

    private async ValueTask<(string User, Outcome Outcome)> ServeAsync(ReadOnlyMemory<byte> packet)
    {
        var (user, method, fields) = Parse(packet.Span);
        Wipe(packet);
        try
        {
            return (user, await ServeAsync(user, method, fields).ConfigureAwait(false));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(fields);
        }
    }

    private async ValueTask<Outcome> ServeAsync(string user, string method, byte[] fields) => method switch
    {
        PublicKeyMethod.MethodName when options.CheckPublicKey is not null =>
            await CheckPublicKeyAsync(user, fields).ConfigureAwait(false),
        PasswordMethod.MethodName when options.CheckPassword is not null =>
            await CheckSecretAsync(user, PasswordFields.Parse(fields).Password.ToArray(), options.CheckPassword).ConfigureAwait(false),
        KeyboardInteractiveMethod.MethodName when options.CheckInteractive is not null =>
            await CheckInteractiveAsync(user, options.CheckInteractive).ConfigureAwait(false),
        "none" => Outcome.Probe,
        _ => Outcome.Failure,
    };

    /// <summary>What was copied out of the receive buffer must not stay behind in it: the buffer lives as long as the connection.</summary>
    private static void Wipe(ReadOnlyMemory<byte> packet) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsMemory(packet).Span);

    private static (string User, string Method, byte[] Fields) Parse(ReadOnlySpan<byte> packet)
    {
        if ((MessageNumber)packet[0] != MessageNumber.UserauthRequest)
            throw KeyExchangeLayer.Unexpected(packet[0]);
        var request = UserauthRequestMessage.Parse(packet);
        // RFC 4252, section 5: a service that is not available ends the connection, or it could be tried for ever.
        return request.Service == ServiceRequestMessage.Connection
            ? (request.User, request.Method, request.MethodFields.ToArray())
            : throw NoSuchService();
    }

    /// <summary>RFC 4253, section 10.</summary>
    private static SshException NoSuchService() =>
        new(SshFailure.ProtocolError, "The client asks for a service that does not exist here.")
        {
            DisconnectReason = DisconnectReason.ServiceNotAvailable,
        };

    private async ValueTask<Outcome> CheckPublicKeyAsync(string user, byte[] fields)
    {
        var (algorithm, key, signature) = ParseKey(fields);
        if (key is null || !key.SignatureAlgorithms.Contains(algorithm))
            return Outcome.Failure;
        if (signature is null)
        {
            if (!await options.CheckPublicKey!(user, key, cancellationToken).ConfigureAwait(false))
                return Outcome.Failure;
            Output.Post(new UserauthPkOkMessage(algorithm, key.Blob.Span));
            return Outcome.Continues;
        }

        return key.Verify(algorithm, PublicKeyMethod.ToSign(connection.SessionId, user, algorithm, key), signature)
            && await options.CheckPublicKey!(user, key, cancellationToken).ConfigureAwait(false)
            ? Outcome.Success
            : Outcome.Failure;
    }

    private static (string Algorithm, PublicKey? Key, byte[]? Signature) ParseKey(byte[] fields)
    {
        var request = PublicKeyFields.Parse(fields);
        var signature = request.Signature.IsEmpty ? null : request.Signature.ToArray();
        try
        {
            // Not a certificate: nobody here would check whom and when it is valid for.
            return (request.Algorithm, PublicKey.ParsePlain(request.Blob), signature);
        }
        catch (SshException exception) when (exception.Failure == SshFailure.ProtocolError)
        {
            return (request.Algorithm, null, signature); // a type not known here is no crime: the client tries its other keys
        }
    }

    private async ValueTask<Outcome> CheckInteractiveAsync(string user, InteractiveCheck interactive)
    {
        Output.Post(new UserauthInfoRequestMessage("", "", [(interactive.Prompt.Text, interactive.Prompt.Echo)]));
        var packet = await connection.ReadAsync().ConfigureAwait(false);
        if ((MessageNumber)packet.Span[0] == MessageNumber.UserauthRequest)
        {
            _next = packet; // RFC 4252, section 5: it abandons this one, which is not answered any more.
            return Outcome.Continues;
        }

        if ((MessageNumber)packet.Span[0] != MessageNumber.UserauthInfoResponse)
            throw KeyExchangeLayer.Unexpected(packet.Span[0]);
        var answers = UserauthInfoResponseMessage.Parse(packet.Span).Responses;
        Wipe(packet);
        if (answers.Length == 1)
            return await CheckSecretAsync(user, answers[0], interactive.Check).ConfigureAwait(false);
        foreach (var answer in answers)
            CryptographicOperations.ZeroMemory(answer);
        return Outcome.Failure;
    }

    private async ValueTask<Outcome> CheckSecretAsync(
        string user, byte[] secret, Func<string, ReadOnlyMemory<byte>, CancellationToken, ValueTask<bool>> check)
    {
        try
        {
            return await check(user, secret, cancellationToken).ConfigureAwait(false) ? Outcome.Success : Outcome.Failure;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private enum Outcome
    {
        Failure,
        Success,

        /// <summary>The method "none": answered with the methods there are, not counted.</summary>
        Probe,

        /// <summary>An answer was sent that is neither: the client goes on.</summary>
        Continues,
    }
}
