using System.Text;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.ConfigurationFiles;

namespace ActorTunnel.Engine.Tests.ConfigurationFiles;

/// <summary>Configuration files for tests.</summary>
internal static class Sample
{
    /// <summary>Without mistakes or warnings, and with every key that there is.</summary>
    public const string Whole = """
        // A comment.
        {
          "$schema": "./actortunnel.schema.json",
          "socks": { "listen": ["127.0.0.1:1080", "[::1]:1080"], "allowRelay": true,
            "clients": ["10.0.0.0/8", "192.0.2.1"], "usersFile": "users" },
          "ftpProxy": { "listen": "127.0.0.1:2121", "allowRelay": false, "clients": "127.0.0.0/8" },
          "profiles": {
            "gate": { "host": "gate.example.com", "user": "bob", },
            "main": {
              "host": "ssh.example.com", "port": 2222, "user": "alice",
              "methods": ["agent", "publickey", "keyboard-interactive", "password"],
              "identityFiles": ["id_ed25519"], "certificateFiles": ["id_ed25519-cert.pub"], "agent": "/run/agent",
              "passwordFile": "password", "passwordCommand": ["/usr/bin/vault", "read"],
              "hostKeyPolicy": "accept-new", "acceptNewWithPasswords": true, "knownHosts": ["known_hosts"], "hostKeys": ["SHA256:x"],
              "hostKeyAlias": "ssh", "through": "gate", "proxy": "socks5://proxy:1080", "proxyPasswordFile": "proxy-password",
              "addressFamily": "inet6", "kexAlgorithms": "+curve25519-sha256", "hostKeyAlgorithms": "ssh-ed25519",
              "ciphers": "aes*", "macs": "-hmac-sha1", "rekeyLimit": "1G 1h", "connectTimeout": 30, "keepAliveInterval": "15s",
              "keepAliveCountMax": 3, "idleTimeout": "keep", "connectOnStart": true, "connections": 2, "maxChannels": 100,
            },
            /* The login of the application. */
            "application": {},
          },
          "rules": [
            { "name": "no metadata", "address": "169.254.0.0/16", "resolve": true, "action": "block" },
            {
              "name": "ftp", "host": ["*.internal", "ftp.example.com"], "hostRegex": ".*ftp.*", "ports": [21, "2100-2199"],
              "client": "10.0.0.0/8", "socksUser": "alice", "action": "ftp-tunnel", "profile": "application",
              "hostFromApplication": true, "userFromApplication": true, "destination": "127.0.0.1", "destinationPort": 21,
              "dataPorts": "50000-50099", "advertiseAddress": "192.0.2.1", "passiveAddress": "map",
              "passiveAddressMap": { "10.0.0.5": "ftp1.internal", "10.0.0.6": "192.0.2.6" }, "dataMode": "passive", "dataPeerUid": true,
              "authTls": "refuse", "verifySize": true, "uploadName": "temporary", "sessionIdle": "30m", "readOnly": false,
              "deniedCommands": ["dele", "SITE  chmod"], "allowFxp": true, "maxLineLength": 512, "sessionsPerClient": 5,
              "sessionsPerUser": "2", "transferRate": "10M",
            },
            { "host": "db.example.com", "action": "tunnel", "profile": "main", "fallbackToPlain": true },
            { "address": ["10.0.0.1-10.0.0.9"], "action": "direct" },
          ],
          "tunnels": [
            { "name": "site", "type": "ftp", "listen": "*:2121", "allowRelay": true, "destination": "ftp.internal:21", "profile": "main",
              "dataPorts": "50000-50099", "advertiseAddress": "192.0.2.1", "passiveAddress": "control-host", "passiveAddressMap": {},
              "dataPeerUid": false, "authTls": "refuse", "verifySize": false, "uploadName": "final", "sessionIdle": 0, "readOnly": true,
              "deniedCommands": "RNFR", "allowFxp": false, "maxLineLength": 65536, "sessionsPerClient": 1, "sessionsPerUser": 1,
              "transferRate": 1024 },
            { "type": "tcp", "listen": 5432, "destination": "[2001:db8::1]:5432", "profile": "main" },
            { "type": "ftp", "remote": true, "listen": "2121", "destination": "localhost:21", "profile": "main", "dataMode": "active" },
          ],
          "audit": { "file": "audit.log", "console": false },
          "limits": { "maxConnectionsPerServer": 100, "maxConnecting": "4", "maxWait": 10 },
        }
        """;

    public static ConfigurationSource Read(string text) => ConfigurationReader.Read(Encoding.UTF8.GetBytes(text));

    public static CheckedConfiguration Check(string text) => CheckedConfiguration.Of(Read(text));

    /// <summary>Profiles that only have their names.</summary>
    public static ProxyConfiguration Build(string text)
    {
        var source = Read(text);
        return CheckedConfiguration.Of(source).Build(source.File.Profiles.Keys.ToDictionary(name => name, name => new ProfileTemplate
        {
            Name = name,
            Make = _ => throw new InvalidOperationException("Nobody connects here."),
        }));
    }

    /// <summary>As a person sees them.</summary>
    public static IReadOnlyList<string> Lines(this IEnumerable<Mistake> mistakes) => [.. mistakes.Select(mistake => mistake.In("f"))];
}
