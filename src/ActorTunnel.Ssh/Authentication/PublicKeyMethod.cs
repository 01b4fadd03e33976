using System.Buffers;
using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Authentication;

/// <summary>
/// Public key authentication (RFC 4252, section 7): the key is offered, and only when the server would take it is it opened and
/// used to sign.
/// </summary>
internal sealed class PublicKeyMethod(PublicKeyCredential credential, KeyExchangeLayer connection) : ClientMethod
{
    public const string MethodName = "publickey";

    public override string Name => MethodName;

    public override string Description => $"{MethodName} ({credential.PublicKey.Type} {credential.PublicKey.Fingerprint})";

    public override async ValueTask<AuthenticationResult> TryAsync(
        AuthenticationExchange exchange, CancellationToken cancellationToken)
    {
        WasTried = true;
        var algorithm = ChooseAlgorithm();
        Request(exchange, algorithm, signature: []);
        var reply = await exchange.ReadAsync().ConfigureAwait(false);
        if ((MessageNumber)reply.Span[0] != MessageNumber.UserauthMethodReply)
            return AuthenticationExchange.ParseResult(reply.Span);
        CheckEcho(reply.Span, algorithm);

        using (var key = await credential.Open(cancellationToken).ConfigureAwait(false))
            Request(exchange, algorithm, key.Sign(algorithm, ToSign(connection.SessionId, exchange.User, algorithm, credential.PublicKey)));
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
    /// RFC 8308, section 3.1: a server may say what it accepts. It matters for RSA, whose keys know two algorithms; when nothing fits
    /// the best is tried all the same, because such lists are sometimes incomplete.
    /// </summary>
    private string ChooseAlgorithm()
    {
        var known = credential.PublicKey.SignatureAlgorithms;
        return known.FirstOrDefault(name => connection.ExtInfo?.ServerSignatureAlgorithms?.Contains(name) ?? true) ?? known[0];
    }

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
