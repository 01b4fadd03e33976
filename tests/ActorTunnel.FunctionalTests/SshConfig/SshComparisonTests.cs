using ActorTunnel.FunctionalTests.Fixtures;
using ActorTunnel.Ssh;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.FunctionalTests.SshConfig;

/// <summary>Configuration files as OpenSSH itself reads them.</summary>
public sealed class SshComparisonTests : IDisposable
{
    /// <summary>What must be equal in every file, said in it or not.</summary>
    private static readonly HashSet<string> _compared =
    [
        "host", "user", "hostname", "port", "addressfamily", "batchmode", "identitiesonly", "kbdinteractiveauthentication",
        "passwordauthentication", "pubkeyauthentication", "stricthostkeychecking", "serveralivecountmax", "hostkeyalias",
        "identityagent", "preferredauthentications", "certificatefile", "globalknownhostsfile", "userknownhostsfile", "connecttimeout",
        "rekeylimit", "numberofpasswordprompts", "proxycommand", "proxyjump", "revokedhostkeys",
    ];

    /// <summary>What must be equal once the file says something; our defaults are others.</summary>
    private static readonly HashSet<string> _comparedWhenSaid = ["identityfile", "serveraliveinterval"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RealPartsTheory]
    [InlineData("", "plain")]
    [InlineData("", "Mixed.Case.Example")]
    [InlineData("", "192.0.2.1")]
    [InlineData("", "2001:DB8:0::1")]
    [InlineData("", "alice@host -p 23 -l bob -4")]
    [InlineData("", "host -J a,b@c:24,[::1]:25 -i /etc/passwd -i /etc/passwd -i /etc/group")]
    [InlineData("", "ssh://al%40ice@host:2222")]
    // The example of ssh_config(5), and the trap in it: the first value counts.
    [InlineData("Host *\n User all\nHost a\n User late", "a")]
    [InlineData("Host a\n User early\nHost *\n User all\n Port 23", "a")]
    [InlineData("Port 1\nHost a\nPort 2", "a")]
    [InlineData("Host *.co.uk\n User uk\nHost 192.168.0.?\n User net\nHost *\n User rest", "x.co.uk")]
    [InlineData("Host *.co.uk\n User uk\nHost 192.168.0.?\n User net\nHost *\n User rest", "192.168.0.7")]
    [InlineData("Host *.co.uk\n User uk\nHost 192.168.0.?\n User net\nHost *\n User rest", "192.168.0.77")]
    // Negation: one that matches ends it, one alone never matches.
    [InlineData("Host !a.x *.x\n User u", "a.x")]
    [InlineData("Host *.x !a.x\n User u", "a.x")]
    [InlineData("Host *.x !a.x\n User u", "b.x")]
    [InlineData("Host !a\n User u", "b")]
    [InlineData("Host A\n User upper\nHost a\n User lower", "A")]
    [InlineData("Host a b \"c d\" e\n User u", "e")]
    [InlineData("Host a,b\n User u", "a")]
    [InlineData("Host # nobody\n User u", "a")]
    [InlineData("Host a\\* *\\\n User u", "a")]
    // How it may be written.
    [InlineData("  hOsT=a\n\tPORT = 23\n  user\t=\t\"b c\" # comment", "a")]
    [InlineData("Port=23\r\nUser=u\r\n\r\n#x\r\n", "a")]
    [InlineData("User 'single \"quotes\"'", "a")]
    [InlineData("User \"a \\\"b\\\" \\\\ c\"", "a")]
    [InlineData("User a\\ b", "a")]
    [InlineData("User a#b", "a")]
    [InlineData("User=#b", "a")]
    [InlineData("\"User\" u", "a")]
    [InlineData("User == u", "a")]
    [InlineData("User u v", "a")]
    [InlineData("User \"u", "a")]
    [InlineData("User", "a")]
    [InlineData("User \"\"", "a")]
    [InlineData("Usr u", "a")]
    [InlineData("IgnoreUnknown usr,x*\nUsr u\nXyz\ta b c", "a")]
    [InlineData("Usr u\nIgnoreUnknown usr", "a")]
    [InlineData("Host b\nIgnoreUnknown usr\nHost a\nUsr u", "a")]
    [InlineData("Host b\nPort none", "a")]
    [InlineData("Port 23\nPort none", "a")]
    // Host names.
    [InlineData("HostName %h.Example.ORG", "web")]
    [InlineData("HostName 100%%.example", "web")]
    [InlineData("HostName %n.example", "web")]
    [InlineData("HostName 127.1", "web")]
    [InlineData("Host web\nHostName w1\nMatch host w1\nUser matched\nMatch originalhost web\nPort 23", "web")]
    [InlineData("Host w1\nUser no\nHost web\nHostName w1", "web")]
    // Match.
    [InlineData("Match all\nUser u", "a")]
    [InlineData("Match !all\nUser u", "a")]
    [InlineData("Match all host a\nUser u", "a")]
    [InlineData("Match host a all\nUser u", "a")]
    [InlineData("Match host b,a,!c\nUser u", "a")]
    [InlineData("Match host *,!a\nUser u", "a")]
    [InlineData("Match !host b\nUser u", "a")]
    [InlineData("Match host A\nUser u", "a")]
    [InlineData("Match host a user bob\nPort 23", "bob@a")]
    [InlineData("Match host \"a\" =\nPort 23", "a")]
    [InlineData("User bob\nMatch user bob\nPort 23", "a")]
    [InlineData("Match user bob\nPort 23\nMatch all\nUser bob\nMatch user bob\nPort 24", "a")]
    [InlineData("Match localuser root,*\nUser u", "a")]
    [InlineData("Match localuser !*\nUser u", "a")]
    [InlineData("Match host \"a b\"\nUser u", "a")]
    [InlineData("Match\nUser u", "a")]
    [InlineData("Match host\nUser u", "a")]
    [InlineData("Match colour red\nUser u", "a")]
    [InlineData("Match host a # comment\nUser u", "a")]
    [InlineData("Match host b exec \"exit 0\"\nUser u", "a")]
    [InlineData("Match host a\nUser u\nHost b\nUser v\nMatch all\nPort 5", "a")]
    // The second pass: hosts are then matched by the names that they are connected to by.
    [InlineData("Match final\nUser u", "a")]
    [InlineData("Match !final\nUser u\nMatch final\nPort 23", "a")]
    [InlineData("Match canonical\nUser u", "a")]
    [InlineData("Host b\nUser u\nHost a\nHostName b\nMatch final host b\nPort 23", "a")]
    [InlineData("Match host c final\nUser u\nHost b\nPort 23\nHost a\nHostName b", "a")]
    [InlineData("Match final all\nUser u", "a")]
    // Lists.
    [InlineData("IdentityFile /a\nIdentityFile ~/b\nHost a\nIdentityFile %d/c\nIdentityFile /a", "a")]
    [InlineData("IdentityFile none", "a")]
    [InlineData("Host a\nIdentityFile /1\nHost b\nIdentityFile /2\nHost *\nIdentityFile /3", "a -i /etc/passwd")]
    [InlineData("CertificateFile /a\nCertificateFile ~/b\nIdentitiesOnly yes", "a")]
    [InlineData("UserKnownHostsFile ~/k /%h-%p-%r-%n-%u /x\"y z\"\nUserKnownHostsFile /late", "bob@A -p 23")]
    [InlineData("UserKnownHostsFile /%L-%l-%i-%k-%%", "a")]
    [InlineData("UserKnownHostsFile /%k\nHostKeyAlias Alias", "a")]
    [InlineData("UserKnownHostsFile ${HOME}/k", "a")]
    [InlineData("UserKnownHostsFile ${NO_SUCH_VARIABLE_HERE}/k", "a")]
    [InlineData("UserKnownHostsFile ${HOME", "a")]
    [InlineData("UserKnownHostsFile /%Z", "a")]
    [InlineData("UserKnownHostsFile none\nGlobalKnownHostsFile NONE", "a")]
    [InlineData("UserKnownHostsFile a none", "a")]
    [InlineData("GlobalKnownHostsFile /g1 /g2 ~/%h", "a")]
    // Values.
    [InlineData("IdentityAgent ~/agent-%h", "a")]
    [InlineData("IdentityAgent none", "a")]
    [InlineData("IdentityAgent SSH_AUTH_SOCK", "a")]
    [InlineData("IdentityAgent $OTHER_SOCK", "a")]
    [InlineData("IdentityAgent ${HOME}/agent", "a")]
    [InlineData("StrictHostKeyChecking accept-new\nStrictHostKeyChecking no", "a")]
    [InlineData("StrictHostKeyChecking off", "a")]
    [InlineData("StrictHostKeyChecking YES", "a")]
    [InlineData("StrictHostKeyChecking maybe", "a")]
    [InlineData("AddressFamily inet6", "a")]
    [InlineData("AddressFamily inet6", "a -4")]
    [InlineData("AddressFamily ipv6", "a")]
    [InlineData("ConnectTimeout 1m30\nServerAliveInterval 2m\nServerAliveCountMax 7", "a")]
    [InlineData("ConnectTimeout none\nServerAliveInterval 5", "a")]
    [InlineData("ConnectTimeout soon", "a")]
    [InlineData("ServerAliveCountMax many", "a")]
    [InlineData("ServerAliveCountMax 0\nNumberOfPasswordPrompts 0", "a")]
    [InlineData("NumberOfPasswordPrompts 1\nNumberOfPasswordPrompts 2", "a")]
    [InlineData("NumberOfPasswordPrompts often", "a")]
    [InlineData("RekeyLimit 512M", "a")]
    [InlineData("RekeyLimit 1g 1h", "a")]
    [InlineData("RekeyLimit 100K none\nRekeyLimit 5 5", "a")]
    [InlineData("RekeyLimit 100K none\nRekeyLimit 17 25", "a")]
    [InlineData("RekeyLimit default 5m", "a")]
    [InlineData("RekeyLimit 15", "a")]
    [InlineData("PreferredAuthentications publickey,keyboard-interactive", "a")]
    [InlineData("PasswordAuthentication no\nKbdInteractiveAuthentication no\nPubkeyAuthentication no\nBatchMode yes", "a")]
    [InlineData("ChallengeResponseAuthentication no\nDSAAuthentication no", "a")]
    [InlineData("SkeyAuthentication no\nKbdInteractiveAuthentication yes", "a")]
    [InlineData("TISAuthentication no", "a")]
    [InlineData("Port 0", "a")]
    [InlineData("Port 65536", "a")]
    // The way.
    [InlineData("ProxyJump j", "a")]
    [InlineData("ProxyJump u@j:23,k,l@[2001:db8::1]:24", "a")]
    [InlineData("ProxyJump none\nProxyCommand nc %h %p", "a")]
    [InlineData("ProxyCommand none\nProxyJump j", "a")]
    [InlineData("ProxyCommand nc \"%h\" %p # all of it\nProxyJump j", "a")]
    [InlineData("ProxyCommand=nc x", "a -o ProxyCommand=none")]
    [InlineData("ProxyJump j # comment\nProxyCommand nc x", "a")]
    [InlineData("ProxyJump j:0", "a")]
    [InlineData("ProxyJump j,", "a")]
    [InlineData("Host j\nHostName gate\nHost a\nProxyJump j\nHost *\nProxyJump other", "a")]
    [InlineData("ProxyJump j", "a -J none")]
    // What is for others.
    [InlineData("ForwardX11 yes\nControlMaster auto\nControlPath ~/%C\nSendEnv LANG LC_*\nGSSAPIAuthentication yes\nProtocol 2", "a")]
    [InlineData("SetEnv \"A=b", "a")]
    [InlineData("Compression", "a")]
    // The command line comes first.
    [InlineData("Port 23\nUser u", "v@a -o Port=24 -o Port=25")]
    [InlineData("Port 23", "a -o Port=24 -o Port=x")]
    [InlineData("Port 23", "a -o \"Port 24\"")]
    [InlineData("Usr u", "a -o IgnoreUnknown=usr")]
    // Include.
    [InlineData("Include {0}/one\nUser late", "a")]
    [InlineData("Include \"{0}/t*o\" {0}/one {0}/missing {0}/m*g", "a")]
    [InlineData("Include {0}/[op]ne\nInclude {0}/t?o", "a")]
    [InlineData("Host b\nInclude {0}/one\nHost a\nInclude {0}/two", "a")]
    [InlineData("Host a\nInclude {0}/hosts\nUser after", "a")]
    [InlineData("Host a\nInclude {0}/hosts\nUser after", "c")]
    [InlineData("Match host c\nInclude {0}/hosts\nUser after", "a")]
    [InlineData("Include {0}/nested\nUser after", "a")]
    [InlineData("Host b\nInclude {0}/final\nHost a\nHostName b", "a")]
    [InlineData("Include {0}/loop", "a")]
    [InlineData("Include {0}", "a")]
    [InlineData("Include", "a")]
    [InlineData("Include {0}/open", "a")]
    public async Task What_ssh_G_prints_is_what_we_use(string config, string arguments)
    {
        await WriteIncludedAsync();
        var words = arguments.Split('"')
            .SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        await CompareAsync(config.Replace("{0}", _folder.FullName, StringComparison.Ordinal), [.. words]);
    }

    [RealPartsTheory]
    [InlineData("Ciphers aes256-gcm@openssh.com,aes256-ctr,aes128-gcm@openssh.com")]
    [InlineData("Ciphers 3des-cbc,aes256-gcm@openssh.com")]
    [InlineData("Ciphers aes128-gcm@openssh.com\nCiphers aes256-gcm@openssh.com")]
    [InlineData("KexAlgorithms ecdh-sha2-nistp521,sntrup761x25519-sha512@openssh.com,curve25519-sha256")]
    [InlineData("HostKeyAlgorithms rsa-sha2-256,ssh-ed25519,ssh-rsa")]
    [InlineData("MACs hmac-sha2-512,umac-64@openssh.com,hmac-sha2-256-etm@openssh.com")]
    public Task A_list_of_algorithms_is_that_of_ssh_without_what_we_do_not_have(string config) =>
        CompareAlgorithmsAsync(config, names => names);

    [RealPartsTheory]
    [InlineData("")]
    [InlineData("Ciphers -aes128-*")]
    [InlineData("Ciphers +3des-cbc")]
    [InlineData("KexAlgorithms -ecdh-*,curve25519-sha256@libssh.org")]
    [InlineData("HostKeyAlgorithms -rsa*")]
    [InlineData("MACs -*-etm@openssh.com")]
    [InlineData("Ciphers ^aes256-gcm@openssh.com")]
    public Task A_default_that_is_changed_has_the_names_of_ssh_in_our_order(string config) =>
        CompareAlgorithmsAsync(config, names => names.Order(StringComparer.Ordinal));

    [RealPartsFact]
    public void Files_of_random_lines_mean_the_same_to_ssh()
    {
        var value = Gen.Elements(
            "a", "b.a", "x", "*", "?.a", "!a", "\"b.a\"", "23", "yes", "%h.a", "/f", "none", "a # x", "=", "'x y'", "a,b.a");
        var keyword = Gen.Elements(
            "Host", "Host", "Host", "Match host", "Match originalhost", "Match !host", "Match all", "Match user", "Match final", "User",
            "User", "Port", "IdentityFile", "IdentitiesOnly", "user=", "  Port\t", "UserKnownHostsFile", "BatchMode");
        // Names of hosts are checked here and not there, so these are good ones.
        var host = Gen.Elements(
            "HostName b.a", "HostName %h.a", "HostKeyAlias X", "ProxyJump a,b.a:23", "ProxyJump none", "ProxyCommand nc");
        var words =
            from name in keyword
            from count in Gen.Frequency((4, Gen.Constant(1)), (1, Gen.Constant(2)), (1, Gen.Constant(0)))
            from values in value.ListOf(count)
            select $"{name} {string.Join(' ', values)}";
        var file =
            from count in Gen.Choose(1, 12)
            from lines in Gen.Frequency((4, words), (1, host)).ListOf(count)
            select string.Join('\n', lines);
        var destination = Gen.Elements("a", "b.a", "x@a", "c");

        Prop.ForAll(file.ToArbitrary(), destination.ToArbitrary(), (text, name) => CompareAsync(text, name).GetAwaiter().GetResult())
            .Check(Seeded.Cases.WithMaxTest(RealParts.AllCases ? 5000 : 300));
    }

    private async Task CompareAsync(string config, params string[] arguments)
    {
        var path = await WriteAsync("config", config);

        var theirs = await RealSsh.PrintAsync(["-F", path, .. arguments]);
        var ours = RealSsh.PrintOurs(["-F", path, .. arguments]);

        Assert.True(theirs is null == ours is null, $"ssh {(theirs is null ? "refuses" : "takes")} {arguments[0]} and\n{config}");
        if (theirs is null)
            return;
        Assert.Equal(RealSsh.Select(theirs, _compared), RealSsh.Select(ours!, _compared));
        foreach (var keyword in _comparedWhenSaid.Where(keyword => config.Contains(keyword, StringComparison.OrdinalIgnoreCase)))
        {
            var said = theirs.Where(line => line.StartsWith(keyword + ' ', StringComparison.Ordinal)).ToList();
            if (said is not [.., "serveraliveinterval 0"] && !said.Contains("identityfile ~/.ssh/id_xmss"))
                Assert.Equal(said, ours!.Where(line => line.StartsWith(keyword + ' ', StringComparison.Ordinal)));
        }
    }

    private async Task CompareAlgorithmsAsync(string config, Func<IEnumerable<string>, IEnumerable<string>> order)
    {
        var path = await WriteAsync("config", config);
        var theirs = (await RealSsh.PrintAsync("-F", path, "a"))!;
        var ours = RealSsh.PrintOurs("-F", path, "a")!;

        Compare("kexalgorithms", SshAlgorithms.KeyExchanges);
        Compare("hostkeyalgorithms", SshAlgorithms.HostKeys);
        Compare("ciphers", SshAlgorithms.Ciphers);
        Compare("macs", SshAlgorithms.Macs);

        void Compare(string keyword, IReadOnlyList<string> supported)
        {
            var all = config.StartsWith(keyword, StringComparison.OrdinalIgnoreCase)
                ? order
                : names => names.Order(StringComparer.Ordinal);
            Assert.Equal(all(Names(theirs, keyword).Where(supported.Contains)), all(Names(ours, keyword)));
        }
    }

    private static string[] Names(IEnumerable<string> lines, string keyword) =>
        lines.Single(line => line.StartsWith(keyword + ' ', StringComparison.Ordinal)).Split(' ')[1].Split(',');

    private async Task WriteIncludedAsync()
    {
        await WriteAsync("one", "User one\nPort 1");
        await WriteAsync("two", "User two\nIdentityFile /two");
        await WriteAsync(".hidden", "User hidden");
        await WriteAsync("hosts", "Port 7\nHost c\nUser c\nHost a\nUser in-a\nMatch host b\nPort 9");
        await WriteAsync("nested", $"Include {_folder.FullName}/hosts\nInclude {_folder.FullName}/one");
        await WriteAsync("final", "Match final\nUser second");
        await WriteAsync("loop", $"Port 3\nInclude {_folder.FullName}/loop");
        File.SetUnixFileMode(await WriteAsync("open", "User x"), UnixFileMode.UserRead | UnixFileMode.OtherWrite);
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        var path = _folder.PathOf(name);
        await File.WriteAllTextAsync(path, text);
        return path;
    }
}
