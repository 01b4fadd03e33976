using System.Buffers;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Authentication.Agent;

/// <summary>The messages of draft-ietf-sshm-ssh-agent that a client without keys of its own needs, without their length in front.</summary>
internal static class AgentMessages
{
    /// <summary>Identities in one list; as OpenSSH.</summary>
    public const int MaximumIdentities = 2048;

    /// <summary>Bytes of a signature: it goes into one packet with the key, and none comes near.</summary>
    public const int MaximumSignature = 16 * 1024;

    private const byte Failure = 5; // SSH_AGENT_FAILURE
    private const byte RequestIdentities = 11; // SSH_AGENTC_REQUEST_IDENTITIES
    private const byte IdentitiesAnswer = 12; // SSH_AGENT_IDENTITIES_ANSWER
    private const byte SignRequest = 13; // SSH_AGENTC_SIGN_REQUEST
    private const byte SignResponse = 14; // SSH_AGENT_SIGN_RESPONSE

    private const uint RsaSha256 = 2; // SSH_AGENT_RSA_SHA2_256
    private const uint RsaSha512 = 4; // SSH_AGENT_RSA_SHA2_512

    // Section 3.6:
    //   byte      SSH_AGENTC_REQUEST_IDENTITIES
    public static byte[] List() => [RequestIdentities];

    // Section 3.6:
    //   byte      SSH_AGENT_IDENTITIES_ANSWER
    //   uint32    nkeys
    // nkeys times:
    //   string    key blob
    //   string    comment
    public static IReadOnlyList<AgentIdentity> ParseList(ReadOnlySpan<byte> message)
    {
        var reader = Start(message, IdentitiesAnswer, "does not list its keys");
        var count = reader.ReadUInt32();
        if (count > MaximumIdentities)
            throw SshReader.Malformed($"an agent lists more than {MaximumIdentities} keys");
        var identities = new List<AgentIdentity>();
        for (uint i = 0; i < count; i++)
        {
            var blob = reader.ReadString();
            var comment = PeerText.Line(reader.ReadDisplayText());
            if (blob.Length <= PublicKeyMethod.MaximumBlob && TryParseKey(blob) is { } key)
                identities.Add(new(key, comment));
        }

        reader.ReadEnd();
        return identities;
    }

    // Section 3.6.1:
    //   byte      SSH_AGENTC_SIGN_REQUEST
    //   string    key blob
    //   string    data
    //   uint32    flags
    public static byte[] Sign(PublicKey key, string algorithm, ReadOnlySpan<byte> data)
    {
        var message = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(message);
        writer.WriteByte(SignRequest);
        writer.WriteString(key.Blob.Span);
        writer.WriteString(data);
        writer.WriteUInt32(algorithm switch { "rsa-sha2-256" => RsaSha256, "rsa-sha2-512" => RsaSha512, _ => 0 });
        return message.WrittenSpan.ToArray();
    }

    // Section 3.6.1:
    //   byte      SSH_AGENT_SIGN_RESPONSE
    //   string    signature, in wire form (string algorithm, ...)
    public static byte[] ParseSignature(ReadOnlySpan<byte> message, string algorithm)
    {
        var reader = Start(message, SignResponse, "refuses to sign");
        var signature = reader.ReadString();
        reader.ReadEnd();
        if (signature.Length > MaximumSignature)
            throw SshReader.Malformed($"a signature of {signature.Length} bytes");
        // An agent that does not know the flags signs with SHA-1, which no server of today takes.
        var made = new SshReader(signature).ReadText();
        return made == algorithm
            ? signature.ToArray()
            : throw Unusable($"signs with {PeerText.Line(made)} where {algorithm} is needed");
    }

    public static SshException Unusable(string what, Exception? cause = null) =>
        new(SshFailure.CredentialUnusable, $"the SSH agent {what}", cause);

    private static SshReader Start(ReadOnlySpan<byte> message, byte expected, string failure)
    {
        var reader = new SshReader(message);
        var number = reader.ReadByte();
        if (number == Failure)
            throw Unusable(failure);
        return number == expected ? reader : throw SshReader.Malformed($"an agent answers with message {number}");
    }

    // What cannot be offered (DSA, RSA with too few bits, types of tomorrow) is no fault of the agent's: it is left out.
    private static PublicKey? TryParseKey(ReadOnlySpan<byte> blob)
    {
        try
        {
            return PublicKey.ParseAny(blob);
        }
        catch (SshException exception) when (exception.Failure == SshFailure.ProtocolError)
        {
            return null;
        }
    }
}
