using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.KeyExchange;

/// <summary>What both sides have said when the exchange begins: versions and SSH_MSG_KEXINIT payloads.</summary>
internal sealed record ExchangeTranscript(
    string ClientVersion, string ServerVersion, ReadOnlyMemory<byte> ClientInit, ReadOnlyMemory<byte> ServerInit)
{
    // RFC 5656, section 4 (RFC 8731, section 3.1): the exchange hash H is the hash of
    //   string   V_C, client's identification string (CR and LF excluded)
    //   string   V_S, server's identification string (CR and LF excluded)
    //   string   I_C, payload of the client's SSH_MSG_KEXINIT
    //   string   I_S, payload of the server's SSH_MSG_KEXINIT
    //   string   K_S, server's public host key
    //   string   Q_C, client's ephemeral public key octet string
    //   string   Q_S, server's ephemeral public key octet string
    //   mpint    K,   shared secret
    // RFC 4253, section 8 has mpint e and mpint f for Q_C and Q_S, which comes to the same bytes.
    public byte[] Hash(
        HashAlgorithmName algorithm,
        ReadOnlySpan<byte> hostKey,
        ReadOnlySpan<byte> clientValue,
        ReadOnlySpan<byte> serverValue,
        ReadOnlySpan<byte> secret)
    {
        var input = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(input);
        writer.WriteString(Encoding.ASCII.GetBytes(ClientVersion));
        writer.WriteString(Encoding.ASCII.GetBytes(ServerVersion));
        writer.WriteString(ClientInit.Span);
        writer.WriteString(ServerInit.Span);
        writer.WriteString(hostKey);
        writer.WriteString(clientValue);
        writer.WriteString(serverValue);
        writer.WritePositiveMpint(secret);
        var hash = CryptographicOperations.HashData(algorithm, input.WrittenSpan);
        input.Clear(); // wipes the secret
        return hash;
    }
}
