using System.Buffers;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Keys;

/// <summary>
/// A key that lives in a FIDO device (PROTOCOL.u2f in OpenSSH's sources). Only an agent can sign with it, and only a server verifies
/// what it signed: its fields are carried, never understood.
/// </summary>
internal sealed class SecurityKey : PublicKey
{
    private SecurityKey(string type, ReadOnlySpan<byte> fields)
    {
        Type = type;
        SignatureAlgorithms = [type];
        var blob = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(blob);
        writer.WriteText(type);
        writer.WriteBytes(fields);
        Blob = blob.WrittenMemory;
    }

    public override string Type { get; }

    public override ReadOnlyMemory<byte> Blob { get; }

    public override IReadOnlyList<string> SignatureAlgorithms { get; }

    public static bool IsType(string type) => FieldsOf(type) > 0;

    /// <summary>Null when the blob's type is not one of security keys.</summary>
    public static SecurityKey? TryParse(ReadOnlySpan<byte> blob)
    {
        var reader = new SshReader(blob);
        var type = reader.ReadText();
        if (!IsType(type))
            return null;
        var key = Read(type, ref reader);
        reader.ReadEnd();
        return key;
    }

    /// <summary>Reads what follows the type.</summary>
    public static SecurityKey Read(string type, ref SshReader reader)
    {
        var fields = reader.Rest;
        for (var i = 0; i < FieldsOf(type); i++)
            reader.ReadString();
        return new(type, fields[..^reader.Rest.Length]);
    }

    internal override bool VerifyRaw(string algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => false;

    // sk-ssh-ed25519@openssh.com:
    //   string    public key
    //   string    application
    // sk-ecdsa-sha2-nistp256@openssh.com:
    //   string    curve
    //   string    Q
    //   string    application
    private static int FieldsOf(string type) => type switch
    {
        "sk-ssh-ed25519@openssh.com" => 2,
        "sk-ecdsa-sha2-nistp256@openssh.com" => 3,
        _ => 0,
    };
}
