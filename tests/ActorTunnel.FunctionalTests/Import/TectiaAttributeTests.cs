namespace ActorTunnel.FunctionalTests.Import;

/// <summary>Every attribute of Tectia's profiles, tunnels, rules and default settings is converted or listed, never dropped.</summary>
public sealed class TectiaAttributeTests
{
    private const string Profile = "<profiles><profile id='p' host='ssh.example.com' user='alice'/></profiles>";

    /// <summary>XML; what must then stand in the JSON, with other quotes; what must be listed.</summary>
    public static TheoryData<string, string?, string?> Attributes { get; } = new()
    {
        // profiles/profile
        { Of("host='ssh.example.com'"), "'host': 'ssh.example.com'", null },
        { Of("host='h' port='2222'"), "'port': 2222", null },
        { Of("host='h' port='0'"), null, "profiles/profile@port: '0'" },
        { Of("host='h' user='bob'"), "'user': 'bob'", null },
        { Of("host='h' user='*'"), null, "profile@user: nobody can be asked" },
        { Of("host='h' user='%USERNAME%'"), null, "profile@user: '%USERNAME%' became" },
        { Of("host='h' user='u' connect-on-startup='yes'"), "'connectOnStart': true", null },
        { Of("host='' user='u' connect-on-startup='yes'"), null, "profile@connect-on-startup" },
        { Of("host='h' protocol='secsh1'"), null, "profile@protocol" },
        { Of("host='h' host-type='windows'"), null, "profile@host-type: has no equivalent: FTP is not converted" },
        { Of("host='h' gateway-profile='nobody'"), null, "profile@gateway-profile: there is no profile 'nobody'" },
        { Of("host='h' no-such-thing='1'"), null, "profile@no-such-thing: has no equivalent here" },
        { Of("host='h'", "<no-such-element/>"), null, "profile/no-such-element: has no equivalent here" },
        { Of("host='h'", "<hostkey file='/etc/host.pub'/>"), "'hostKeys': ['/etc/host.pub']", null },
        {
            Of("host='h'", "<hostkey>AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ</hostkey>"),
            "'hostKeys': ['SHA256:", null
        },
        { Of("host='h'", "<hostkey>rubbish</hostkey>"), null, "profile/hostkey: this is no public key" },
        {
            Of("host='h'", "<user-identities><identity identity-file='%D/.ssh2/a'/><identity file='/b'/></user-identities>"),
            "'identityFiles': ['~/.ssh2/a', '/b']", null
        },
        { Of("host='h'", "<user-identities><identity hash='123'/></user-identities>"), null, "user-identities/identity@hash" },
        {
            Of("host='h'", "<user-identities><identity file='$KEYS/a'/></user-identities>"),
            null, "identity@file: '$KEYS/a' has a variable"
        },
        { Of("host='h'", "<password string='topsecret'/>"), null, "profile/password@string: a password does not stand in this file" },
        { Of("host='h'", "<password file='/etc/pw'/>"), "'passwordFile': '/etc/pw'", null },
        { Of("host='h'", "<password command='/usr/bin/vault get x'/>"), "'passwordCommand': ['/usr/bin/vault', 'get', 'x']", null },
        { Of("host='h'", "<password command='a | b'/>"), "'passwordCommand': ['/bin/sh', '-c', 'a | b']", null },
        { Of("host='h'", "<password file='/a' command='b'/>"), null, "password@command: there is a file already" },

        // What profiles override, and default-settings say
        {
            Settings("<ciphers><cipher name='aes128-ctr'/><cipher name='aes256-ctr'/></ciphers>"),
            "'ciphers': 'aes128-ctr,aes256-ctr'", null
        },
        {
            Settings("<ciphers><cipher name='crypticore128@ssh.com'/></ciphers>"),
            null, "cipher@name: 'crypticore128@ssh.com' is not known"
        },
        { Settings("<macs><mac name='hmac-sha2-256'/></macs>"), "'macs': 'hmac-sha2-256'", null },
        { Settings("<macs><mac name='hmac-md5'/></macs>"), null, "mac@name: 'hmac-md5' is not known" },
        { Settings("<kexs><kex name='ecdh-sha2-nistp256'/></kexs>"), "'kexAlgorithms': 'ecdh-sha2-nistp256'", null },
        { Settings("<kexs><kex name='no-kex'/></kexs>"), null, "default-settings/kexs: none of these is known" },
        {
            Settings("<hostkey-algorithms><hostkey-algorithm name='rsa-sha2-256'/></hostkey-algorithms>"),
            "'hostKeyAlgorithms': 'rsa-sha2-256'", null
        },
        { Settings("<rekey bytes='1000000000'/>"), "'rekeyLimit': '1000000000'", null },
        { Settings("<rekey bytes='0'/>"), null, "rekey@bytes: keys are always renewed" },
        {
            Settings("<authentication-methods><auth-publickey/><auth-password/><auth-keyboard-interactive/></authentication-methods>"),
            "'methods': ['publickey', 'password', 'keyboard-interactive']", null
        },
        {
            Settings("<authentication-methods><auth-gssapi/></authentication-methods>"),
            null, "authentication-methods/auth-gssapi: there is no such way"
        },
        { Settings("<authentication-methods><auth-hostbased/></authentication-methods>"), null, "authentication-methods/auth-hostbased" },
        {
            Settings("<authentication-methods><auth-publickey signature-algorithms='x'/></authentication-methods>"), null,
            "auth-publickey@signature-algorithms"
        },
        { Settings("<compression name='zlib' level='6'/>"), null, "compression@name" },
        { Settings("<compression name='none'/>"), "{}", null },
        {
            Settings("<proxy ruleset='direct:///10.0.0.0/8;http-connect://proxy:3128/;socks5://fw:1080'/>"),
            "'proxy': 'direct:///10.0.0.0/8;http://proxy:3128/;socks5://fw:1080'", null
        },
        { Settings("<proxy ruleset='socks4://fw:1080'/>"), null, "proxy@ruleset: rule 'socks4://fw:1080' cannot be said" },
        { Settings("<idle-timeout type='connection' time='30'/>"), "'idleTimeout': '30s'", null },
        { Settings("<idle-timeout time='soon'/>"), null, "idle-timeout@time: 'soon' is no number" },
        { Settings("<tcp-connect-timeout time='9'/>"), "'connectTimeout': '9s'", null },
        { Settings("<tcp-connect-timeout time='0'/>"), null, "tcp-connect-timeout@time" },
        { Settings("<keepalive-interval time='60'/>"), "'keepAliveInterval': '60s'", null },
        { Settings("<exclusive-connection enable='yes'/>"), "'maxChannels': 2", null },
        { Settings("<server-banners visible='no'/>"), null, "server-banners@visible" },
        { Settings("<forwards><forward type='x11' state='on'/></forwards>"), null, "default-settings/forwards" },
        { Settings("<remote-environment/>"), null, "default-settings/remote-environment" },
        { Settings(Policy("strict")), "{}", null },
        { Settings(Policy("ask")), "'hostKeyPolicy': 'ask'", null },
        { Settings(Policy("tofu")), "'hostKeyPolicy': 'accept-new'", null },
        { Settings(Policy("trust-on-first-use")), "'hostKeyPolicy': 'accept-new'", null },
        { Settings(Policy("advisory")), null, "auth-server-publickey@policy: 'advisory' has no equivalent: strict was written" },
        {
            Settings("<server-authentication-methods><auth-server-certificate/></server-authentication-methods>"),
            null, "auth-server-certificate"
        },
        { Settings("<hostbased-default-domain name='x'/>"), null, "hostbased-default-domain" },
        { Settings("<authentication-success-message enable='yes'/>"), null, "authentication-success-message" },
        { Settings("<quiet-mode enable='yes'/>"), null, "quiet-mode" },
        { Settings("<checksum type='md5'/>"), null, "checksum" },
        { Settings("<sftpg3-mode compatibility-mode='tectia'/>"), null, "sftpg3-mode" },
        { Settings("<address-family type='inet6'/>"), "'addressFamily': 'inet6'", null },
        { "<default-settings user='carol'/>" + "<profiles><profile id='p' host='h'/></profiles>", "'user': 'carol'", null },

        // general
        { "<general><known-hosts file='/etc/kh'/></general><profiles><profile id='p'/></profiles>", "'knownHosts': ['/etc/kh']", null },
        { "<general><known-hosts path='/etc/hostkeys'/></general>", null, "general/known-hosts@path" },
        { "<general><known-hosts directory='/etc/hostkeys' filename-format='plain'/></general>", null, "general/known-hosts@directory" },
        {
            "<general><strict-host-key-checking enable='no'/><host-key-always-ask enable='yes'/></general>"
                + "<profiles><profile id='p'/></profiles>",
            "'ask'", null
        },
        { "<general><crypto-lib mode='fips'/></general>", null, "general/crypto-lib" },
        { "<general><cert-validation/></general>", null, "general/cert-validation" },
        { "<general><key-stores/></general>", null, "general/key-stores" },
        { "<general><file-access-control enable='yes'/></general>", null, "general/file-access-control" },
        { "<general><user-config-directory path='x'/></general>", null, "general/user-config-directory" },
        { "<general><protocol-parameters threads='8'/></general>", null, "general/protocol-parameters" },
        { "<logging><log-events facility='auth'/></logging>", null, "logging" },

        // static-tunnels and tunnels of profiles
        { Tunnel("type='socks-proxy' listen-port='1081' dst-port='0' profile=''"), "'listen': ['127.0.0.1:1081']", null },
        { Tunnel("type='socks-proxy' listen-address='::1' listen-port='1080'"), "'listen': ['[::1]:1080']", null },
        {
            Tunnel("type='socks-proxy' listen-port='1080' allow-relay='yes'"),
            "'allowRelay': true", "tunnel@allow-relay: write the networks"
        },
        { Tunnel("type='socks-proxy' listen-port='1080' dst-host='x'"), null, "tunnel@dst-host" },
        { Tunnel("type='socks-proxy' listen-port='1080' profile='p'"), null, "tunnel@profile" },
        { Tunnel("type='TCP' listen-port='143' dst-host='imap' dst-port='143' profile='p'"), "'destination': 'imap:143'", null },
        { Tunnel("type='ftp' listen-port='2121' dst-host='f' dst-port='21' profile='p'"), "'listen': '127.0.0.1:2121'", null },
        {
            Tunnel("type='ftp' listen-port='2121' dst-host='f' dst-port='21' allow-relay='yes' profile='p'"),
            "'listen': '0.0.0.0:2121'", null
        },
        {
            Tunnel("type='ftp' listen-address='10.0.0.1' listen-port='21' dst-host='f' dst-port='21' profile='p'"),
            null, "tunnel@listen-address: other machines"
        },
        { Tunnel("type='socks' listen-port='1' profile='p'"), null, "tunnel: left out: type 'socks'" },
        { Tunnel("type='tcp' listen-port='1' dst-host='f' dst-port='2' profile='nobody'"), null, "left out: its profile is missing" },
        { Tunnel("type='tcp' listen-port='1' profile='p'"), null, "left out: its destination is missing" },
        {
            Of("host='h' user='u'", "<tunnels><local-tunnel type='ftp' listen-port='2121' dst-host='f' dst-port='21'/></tunnels>"),
            "'profile': 'p'", null
        },
        {
            Of("host='h' user='u'", "<tunnels><remote-tunnel type='tcp' listen-port='9' dst-host='f' dst-port='21'/></tunnels>"),
            "'remote': true", null
        },

        // filter-engine, 6.x
        { Rule("ip-address='.*' ports='21' action='DIRECT'"), "'ports': ['21']", null },
        { Rule("ports='21-25' action='direct'"), "'ports': ['21-25']", null },
        { Rule("ports='*' action='DIRECT'"), "'action': 'direct'", null },
        { Rule("ports='ftp' action='DIRECT'"), "'action': 'block'", "rule@ports: 'ftp'" },
        { Rule("action='BLOCK'"), "'action': 'block'", null },
        { Rule("action='TUNNEL' profile-id='p'"), "'action': 'tunnel'", null },
        { Rule("action='FTP-TUNNEL' profile-id='p'"), "'action': 'ftp-tunnel'", null },
        { Rule("action='FTP-PROXY' profile-id='p'"), "'action': 'block'", "rule@action: has no equivalent: FTP is not converted" },
        { Rule("action='FTP-TUNNEL' profile-id='nobody'"), "'action': 'block'", "rule@profile-id: there is no profile 'nobody'" },
        { Rule("action='FTP-TUNNEL' hostname-from-app='yes' username-from-app='yes'"), "'profile': 'default'", null },
        { Rule("action='FTP-TUNNEL' profile-id='p' hostname-from-app='YES'"), "'hostFromApplication': true", null },
        { Rule("action='FTP-TUNNEL' profile-id='p' username-from-app='YES'"), "'userFromApplication': true", null },
        { Rule("action='TUNNEL' profile-id='p' username-from-app='YES'"), "'action': 'block'", "rule@username-from-app" },
        { Rule("action='FTP-TUNNEL' profile-id='p' fallback-to-plain='yes'"), "'fallbackToPlain': true", null },
        { Rule("action='FTP-TUNNEL' profile-id='p' fallback-to-plain='maybe'"), null, "rule@fallback-to-plain: 'maybe'" },
        { Rule("action='TUNNEL' profile-id='p' destination='db' destination-port='5432'"), "'destination': 'db'", null },
        { Rule("action='TUNNEL' profile-id='p' destination-port='5432'"), "'destinationPort': 5432", null },
        { Rule("action='TUNNEL' profile-id='p' username='bob'"), "'profile': 'p as bob'", null },
        { Rule("action='TUNNEL' profile-id='p' username='/usr/bin/who'"), "'action': 'block'", "rule@username" },
        { Rule("action='DIRECT' application='ftp\\.exe'"), "'action': 'block'", "rule@application" },
        { Rule("action='DIRECT' application='.*'"), "'action': 'direct'", null },
        { Rule("action='DIRECT' pseudo-ip='yes'"), null, "rule@pseudo-ip: is not needed" },
        { Rule("action='DIRECT' show-sftp-server-banner='yes'"), null, "rule@show-sftp-server-banner" },
        { Rule("action='DIRECT' host='ftp\\.example\\.com'"), "'host': ['ftp.example.com']", "taken for the whole host" },
        { Rule("action='DIRECT' host='^$'"), "'action': 'block'", "'^$' cannot be said" },
        { Rule("action='DIRECT' host='^ftp|gopher$'"), "'host': ['ftp', 'gopher']", "taken for the whole host" },
        { Rule("action='DIRECT' host='^.*\\.example\\.com$'"), "'host': ['*.example.com']", null },
        { Rule("action='DIRECT' host='^ftp[0-9]+\\.example\\.com$'"), "'hostRegex': 'ftp[0-9]+\\\\.example\\\\.com'", null },
        { Rule("action='DIRECT' host='^[[:alpha:]]+$'"), "'action': 'block'", "rule@host" },
        { Rule("action='DIRECT' host='^a$' ip-address='10\\..*'"), "'host': ['a']", "rule@ip-address: host takes precedence" },
        { Rule("action='DIRECT' ip-address='^10\\.1\\..*'"), "'address': ['10.1.0.0/16']", null },
        { Rule("action='DIRECT' ip-address='^10.1..*'"), "'action': 'block'", "rule@ip-address" },
        { "<filter-engine ip-generate-start='192.168.0.1'/>", null, "filter-engine@ip-generate-start" },
        { "<filter-engine ip6-generate-start='fd00::1'/>", null, "filter-engine@ip6-generate-start" },
        { "<filter-engine ftp-filter-at-signs='yes'/>", null, "filter-engine@ftp-filter-at-signs" },
        { "<filter-engine><network id='n' address='10.0.0.0' domain='x'/></filter-engine>", null, "filter-engine/network" },

        // 5.x
        { Filter("ip-address='^10\\.1\\.2\\.3$'", "ports='21' action='DIRECT'"), "'address': ['10.1.2.3']", null },
        { Filter("network-id='n'", "action='DIRECT'"), "'action': 'block'", "dns@network-id" },
        { "<filter-engine><filter dns-id='none' action='DIRECT'/></filter-engine>", "'action': 'block'", "filter@dns-id" },
        { "<filter-engine><dns id='unused' host='x'/></filter-engine>", null, "dns: no filter uses it" },
    };

    [Theory]
    [MemberData(nameof(Attributes))]
    public void Each_attribute_is_converted_or_listed(string xml, string? written, string? listed)
    {
        using var text = TectiaText.Import(xml);

        if (written is not null)
            Assert.Contains(written.Replace('\'', '"'), text.Written, StringComparison.Ordinal);
        if (listed is not null)
        {
            Assert.Contains(text.Listed, line => line.Contains(listed, StringComparison.Ordinal));
            Assert.Contains(
                text.Written.Split('\n').Where(line => line.TrimStart().StartsWith("//", StringComparison.Ordinal)),
                line => line.Contains(listed, StringComparison.Ordinal));
        }

        Assert.DoesNotContain("topsecret", text.Written + string.Concat(text.Listed), StringComparison.Ordinal);
    }

    private static string Of(string attributes, string inner = "") =>
        $"<profiles><profile id='p' {attributes}>{inner}</profile></profiles>";

    private static string Settings(string inner) =>
        $"<default-settings>{inner}</default-settings><profiles><profile id='p'/></profiles>";

    private static string Policy(string policy) =>
        $"<server-authentication-methods><auth-server-publickey policy='{policy}'/></server-authentication-methods>";

    private static string Tunnel(string attributes) => $"{Profile}<static-tunnels><tunnel {attributes}/></static-tunnels>";

    private static string Rule(string attributes) => $"{Profile}<filter-engine><rule {attributes}/></filter-engine>";

    private static string Filter(string dns, string filter) =>
        $"<filter-engine><dns id='d' {dns}/><filter dns-id='d' {filter}/></filter-engine>";
}
