using System.Buffers;
using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Keys.Certificates;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Authentication;

/// <summary>
/// Public key authentication (RFC 4252, section 7): the key is offered, and only when the server would take it is it used to sign. A
/// certificate is offered and signed with as if it were a key (PROTOCOL.certkeys in OpenSSH's sources); what stands inside the
/// signature is the plain algorithm.
/// </summary>
internal sealed class PublicKeyMethod(PublicKeyCredential credential, KeyExchangeLayer connection) : ClientMethod
{
    public const string MethodName = "publickey";

    /// <summary>
    /// Bytes of a key or a certificate: with user name and signature it has to fit into one packet (RFC 4253, section 6.1). None that
    /// an authority makes comes near.
    /// </summary>
    public const int MaximumBlob = 16 * 1024;

    public override string Name => MethodName;

    public override string Description => $"{MethodName} ({credential.PublicKey.Type} {credential.PublicKey.Fingerprint})";

    public override async ValueTask<AuthenticationResult> TryAsync(
        AuthenticationExchange exchange, CancellationToken cancellationToken)
    {
        if (credential.PublicKey.Blob.Length > MaximumBlob)
        {
            throw new SshException(
                SshFailure.CredentialUnusable,
                $"it has {credential.PublicKey.Blob.Length} bytes, more than the {MaximumBlob} that are sent");
        }

        WasTried = true;
        var algorithm = ChooseAlgorithm(credential.PublicKey, connection.ExtInfo?.ServerSignatureAlgorithms);
        Request(exchange, algorithm, signature: []);
        var reply = await exchange.ReadAsync().ConfigureAwait(false);
        if ((MessageNumber)reply.Span[0] != MessageNumber.UserauthMethodReply)
            return AuthenticationExchange.ParseResult(reply.Span);
        CheckEcho(reply.Span, algorithm);

        var toSign = ToSign(connection.SessionId, exchange.User, algorithm, credential.PublicKey);
        var signature = await credential.Sign(CertificateNames.Plain(algorithm), toSign, cancellationToken).ConfigureAwait(false);
        Request(exchange, algorithm, signature);
        return await exchange.ReadResultAsync().ConfigureAwait(false);
    }

    // RFC 4252, section 7: the signature is over
    //   string    session identifier
    //   byte      SSH_MSG_USERAUTH_REQUEST
    //   string    user name
    //   string    service name
    //   string    "publickey"
    //   boolean   TRUE
    //   string    public key algorithm name
    //   string    public key to be used for authentication
    public static byte[] ToSign(ReadOnlySpan<byte> sessionId, string user, string algorithm, PublicKey key)
    {
        var data = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(data);
        writer.WriteString(sessionId);
        writer.WriteByte((byte)MessageNumber.UserauthRequest);
        writer.WriteText(user);
        writer.WriteText(ServiceRequestMessage.Connection);
        writer.WriteText(MethodName);
        writer.WriteBoolean(true);
        writer.WriteText(algorithm);
        writer.WriteString(key.Blob.Span);
        return data.WrittenSpan.ToArray();
    }

    /// <summary>
    /// RFC 8308, section 3.1: a server may say what it accepts; OpenSSH lists the plain names for certificates too. It matters for
    /// RSA, whose keys know two algorithms; when nothing fits the best is tried all the same, because such lists are sometimes
    /// incomplete.
    /// </summary>
    internal static string ChooseAlgorithm(PublicKey key, IReadOnlyList<string>? accepted) => key.SignatureAlgorithms.FirstOrDefault(
        name => accepted is not null && (accepted.Contains(name) || accepted.Contains(CertificateNames.Plain(name))))
        ?? key.SignatureAlgorithms[0];

    private void Request(AuthenticationExchange exchange, string algorithm, ReadOnlySpan<byte> signature)
    {
        var fields = new ArrayBufferWriter<byte>();
        new PublicKeyFields(algorithm, credential.PublicKey.Blob.Span, signature).Write(new(fields));
        exchange.Request(MethodName, fields.WrittenSpan);
    }

    private void CheckEcho(ReadOnlySpan<byte> packet, string algorithm)
    {
        var reply = UserauthPkOkMessage.Parse(packet);
        if (reply.Algorithm != algorithm || !reply.Blob.SequenceEqual(credential.PublicKey.Blob.Span))
            throw new SshException(SshFailure.ProtocolError, "The server accepted another key than the one that was offered.");
    }
}
