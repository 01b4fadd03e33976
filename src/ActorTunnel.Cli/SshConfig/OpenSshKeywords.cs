namespace ActorTunnel.Cli.SshConfig;

/// <summary>Keywords that are OpenSSH's and no settings here.</summary>
internal static class OpenSshKeywords
{
    /// <summary>Those that say for whom the others are.</summary>
    public static IReadOnlyList<string> OfFiles { get; } = ["Host", "Match", "Include"];

    /// <summary>
    /// Those of OpenSSH up to 10 and of Debian that mean nothing to a program that runs no command and shows no terminal, or that leave
    /// things stricter when they are left out. They are no error, because the file is for ssh too.
    /// </summary>
    public static IReadOnlySet<string> Unused { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "AddKeysToAgent", "AFSTokenPassing", "BindAddress", "BindInterface", "CanonicalDomains", "CanonicalizeFallbackLocal",
        "CanonicalizeHostname", "CanonicalizeMaxDots", "CanonicalizePermittedCNAMEs", "CASignatureAlgorithms",
        "ChannelTimeout", "CheckHostIP", "Cipher", "ClearAllForwardings", "Compression",
        "CompressionLevel", "ConnectionAttempts", "ControlMaster", "ControlPath", "ControlPersist",
        "DynamicForward", "EnableEscapeCommandline", "EnableSSHKeysign", "EscapeChar", "ExitOnForwardFailure", "FallBackToRsh",
        "FingerprintHash", "ForkAfterAuthentication", "ForwardAgent", "ForwardX11", "ForwardX11Timeout", "ForwardX11Trusted",
        "GatewayPorts", "GlobalKnownHostsFile2", "GSSAPIAuthentication", "GSSAPIClientIdentity", "GSSAPIDelegateCredentials",
        "GSSAPIKexAlgorithms", "GSSAPIKeyExchange", "GSSAPIRenewalForcesRekey", "GSSAPIServerIdentity", "GSSAPITrustDNS",
        "HashKnownHosts", "HostbasedAcceptedAlgorithms", "HostbasedAuthentication", "HostbasedKeyTypes", "IPQoS",
        "KbdInteractiveDevices", "KeepAlive", "KerberosAuthentication", "KerberosTGTPassing", "KnownHostsCommand", "LocalCommand",
        "LocalForward", "LogLevel", "LogVerbose", "NoHostAuthenticationForLocalhost",
        "ObscureKeystrokeTiming", "PermitLocalCommand", "PermitRemoteOpen", "PKCS11Provider", "Protocol", "ProxyUseFdpass",
        "PubkeyAcceptedAlgorithms", "PubkeyAcceptedKeyTypes", "RefuseConnection", "RemoteCommand", "RemoteForward", "RequestTTY",
        "RequiredRSASize", "RhostsAuthentication", "RhostsRSAAuthentication", "RSAAuthentication", "SecurityKeyProvider", "SendEnv",
        "SessionType", "SetEnv", "SmartcardDevice", "StdinNull", "StreamLocalBindMask", "StreamLocalBindUnlink",
        "SyslogFacility", "Tag", "TCPKeepAlive", "Tunnel", "TunnelDevice", "UpdateHostKeys", "UsePrivilegedPort",
        "UserKnownHostsFile2", "UseRoaming", "UseRsh", "VerifyHostKeyDNS", "VersionAddendum", "VisualHostKey", "WarnWeakCrypto",
        "XAuthLocation",
    };
}
