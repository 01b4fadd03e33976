namespace ActorTunnel.Ssh.Protection;

/// <summary>What was agreed on for one direction: a cipher, and a MAC unless the cipher authenticates by itself.</summary>
internal sealed record ProtectionNames(string Cipher, string? Mac)
{
    public override string ToString() => Mac is null ? Cipher : $"{Cipher} with {Mac}";
}
