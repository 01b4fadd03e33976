using System.Security.Cryptography;
using ActorTunnel.Ssh.Interop;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Ssh.KeyExchange;

/// <summary>The key agreement methods this machine can do, by their names in SSH_MSG_KEXINIT.</summary>
internal static class KeyAgreements
{
    private static readonly OrderedDictionary<string, Func<IKeyAgreement>> _methods = Supported();

    /// <summary>Best first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. _methods.Keys];

    /// <summary>A fresh key pair for one of <see cref="Names"/>.</summary>
    public static IKeyAgreement Create(string name) => _methods[name]();

    private static OrderedDictionary<string, Func<IKeyAgreement>> Supported()
    {
        var methods = new OrderedDictionary<string, Func<IKeyAgreement>>();
        if (X25519.IsSupported)
        {
            methods["curve25519-sha256"] = () => new Curve25519Agreement();
            methods["curve25519-sha256@libssh.org"] = () => new Curve25519Agreement(); // the same method before RFC 8731
        }

        foreach (var curve in NistCurve.All)
            methods["ecdh-sha2-" + curve.Name] = () => new NistCurveAgreement(curve);
        if (ModpDiffieHellman.IsSupported)
        {
            // For peers that have no curves: some fifty times the work for no more security.
            methods["diffie-hellman-group16-sha512"] = () => new ModpAgreement(4096, HashAlgorithmName.SHA512);
            methods["diffie-hellman-group14-sha256"] = () => new ModpAgreement(2048, HashAlgorithmName.SHA256);
        }

        return methods;
    }
}
