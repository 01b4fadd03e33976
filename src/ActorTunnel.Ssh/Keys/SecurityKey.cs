using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Authentication.Agent;

/// <summary>
/// A key that lives in a FIDO device (PROTOCOL.u2f in OpenSSH's sources). Only an agent can sign with it, and only a server verifies
/// what it signed: its blob is carried, never understood.
/// </summary>
internal sealed class SecurityKey : PublicKey
{
    private SecurityKey(string type, byte[] blob)
    {
        Type = type;
        Blob = blob;
        SignatureAlgorithms = [type];
    }

    public override string Type { get; }

    public override ReadOnlyMemory<byte> Blob { get; }

    public override IReadOnlyList<string> SignatureAlgorithms { get; }

    /// <summary>Null when the blob's type is not one of security keys.</summary>
    public static SecurityKey? TryParse(ReadOnlySpan<byte> blob)
    {
        var type = new SshReader(blob).ReadText();
        return type is "sk-ssh-ed25519@openssh.com" or "sk-ecdsa-sha2-nistp256@openssh.com" ? new(type, blob.ToArray()) : null;
    }

    internal override bool VerifyRaw(string algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => false;
}
