using System.Net;
using System.Net.Sockets;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.SshConfig;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Ssh.Keys;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.FunctionalTests.CommandLine;

public sealed class ForwardArgumentsTests
{
    [Theory]
    [InlineData("-p 1 -p 2 h", 1)]
    [InlineData("-oPort=1 -p 2 h", 1)]
    [InlineData("-p 1 ssh://h:2", 1)]
    [InlineData("ssh://h:2 -p 1", 2)]
    [InlineData("h", null)]
    public void The_first_port_wins(string arguments, int? port) => Assert.Equal(port, Parse(arguments).Settings.Port);

    [Theory]
    [InlineData("-l a b@h", "a")]
    [InlineData("b@h -l a", "b")]
    [InlineData("-oUser=c -l a b@h", "c")]
    [InlineData("h", null)]
    public void The_first_user_wins(string arguments, string? user) => Assert.Equal(user, Parse(arguments).Settings.User);

    [Fact]
    public void Identity_files_add_up() =>
        Assert.Equal(["a", "b", "c"], Parse("-i a -oIdentityFile=b -ic h").Settings.IdentityFiles);

    [Fact]
    public void Everything_that_fingers_know_is_understood()
    {
        var arguments = Parse("-NTvv -g6 -lalice -p2222 host.example -L ftp/2:c:3");

        Assert.Equal(("host.example", 2), (arguments.Host, arguments.Verbosity));
        Assert.Equal(("alice", 2222), (arguments.Settings.User, arguments.Settings.Port));
        Assert.True(arguments.AllInterfaces);
        Assert.Equal(AddressFamily.InterNetworkV6, arguments.Settings.AddressFamily);
        Assert.Equal([ForwardKind.Tcp, ForwardKind.Ftp], arguments.Forwards.Select(forward => forward.Kind));
    }

    [Theory]
    [InlineData("Port=23")]
    [InlineData("port=23")]
    [InlineData("PORT 23")]
    [InlineData(" Port  =  23 ")]
    [InlineData("Port\t23")]
    [InlineData("Port=\"23\"")]
    public void A_setting_may_be_written_as_in_ssh_config(string setting) => Assert.Equal(23, Parse("h", "-o", setting).Settings.Port);

    [Fact]
    public void Settings_are_read()
    {
        var arguments = Parse(
            "h -L ftp/2:h:21 -oStrictHostKeyChecking=accept-new -oConnectTimeout=1m30s -oServerAliveInterval=0 -oServerAliveCountMax=5"
            + " -oDataPorts=50000-50099 -oAdvertiseAddress=192.0.2.1 -oPassiveAddress=reply"
            + " -oDataMode=passive -oAuthTls=transparent");

        Assert.Equal(StrictHostKeyChecking.AcceptNew, arguments.Settings.StrictHostKeyChecking);
        Assert.Equal(TimeSpan.FromSeconds(90), arguments.Settings.ConnectTimeout);
        Assert.Equal(TimeSpan.Zero, arguments.Settings.ServerAliveInterval);
        Assert.Equal(5, arguments.Settings.ServerAliveCountMax);
        Assert.Equal(new PortRange(50000, 50099), arguments.Settings.DataPorts);
        Assert.Equal(IPAddress.Parse("192.0.2.1"), arguments.Settings.AdvertiseAddress);
        Assert.Equal(PassiveAddress.Reply, arguments.Settings.PassiveAddress);
        Assert.Equal(ServerDataMode.Passive, arguments.Settings.DataMode);
        Assert.Equal(AuthTls.Transparent, arguments.Settings.AuthTls);
    }

    [Fact]
    public void What_FTP_clients_may_do_is_read()
    {
        var settings = Parse(
            "h", "-L", "ftp/2:h:21", "-oPassiveAddress=map", "-oPassiveAddressMap=10.0.0.5=ftp1.internal,10.0.0.6=192.0.2.6", "-oDataPeerUid=yes",
            "-oVerifySize=yes", "-oUploadName=temporary", "-oSessionIdle=0", "-oReadOnly=no", "-o", "DeniedCommands=dele, SITE  chmod",
            "-oAllowFxp=yes", "-oMaxLineLength=512", "-oSessionsPerClient=5", "-oSessionsPerUser=2", "-oTransferRate=512K").Settings;
        var ftp = SshSettings.Create("h", "h", settings, LocalUser.Current).Ftp;

        Assert.Equal((PassiveAddress.Map, "ftp1.internal"), (ftp.PassiveAddress, ftp.PassiveAddressMap[IPAddress.Parse("10.0.0.5")]));
        Assert.Equal((true, true, UploadName.Temporary), (ftp.DataPeerUid, ftp.VerifySize, ftp.UploadName));
        Assert.Null(ftp.SessionIdle);
        var may = ftp.Restrictions;
        Assert.Equal(["DELE", "SITE CHMOD"], may.DeniedCommands.Order());
        Assert.Equal((false, true, 512), (may.ReadOnly, may.AllowFxp, may.MaxLineLength));
        Assert.Equal((5, 2, 512L << 10), (may.SessionsPerClient, may.SessionsPerUser, may.TransferRate));
    }

    [Theory]
    [InlineData("-oDeniedCommands=none")]
    [InlineData("-oPassiveAddressMap=NONE")]
    [InlineData("-v")]
    public void What_is_not_said_or_taken_back_of_FTP_is_as_usual(string argument) => Assert.Equivalent(
        new FtpOptions(),
        SshSettings.Create("h", "h", Parse("h", "-L", "ftp/2:h:21", argument).Settings, LocalUser.Current).Ftp,
        strict: true);

    [Theory]
    [InlineData("UserKnownHostsFile=a b", "a,b")]
    [InlineData("UserKnownHostsFile=a \"b c\"", "a,b c")]
    [InlineData("UserKnownHostsFile=none", "")]
    public void Known_hosts_files_are_a_list(string setting, string files) =>
        Assert.Equal(files.Split(',', StringSplitOptions.RemoveEmptyEntries), Parse("h", "-o", setting).Settings.UserKnownHostsFiles);

    [Theory]
    [InlineData("Ciphers=aes256-gcm@openssh.com", "aes256-gcm@openssh.com")]
    [InlineData("Ciphers=-aes128-*", "aes256-gcm@openssh.com")]
    [InlineData("Ciphers=^aes256-gcm@openssh.com", "aes256-gcm@openssh.com,aes128-gcm@openssh.com")]
    public void Ciphers_are_chosen_and_ordered(string setting, string expected) =>
        Assert.Equal(
            expected.Split(','),
            Parse("h", "-o", setting).Settings.Ciphers!.Names.Where(cipher => cipher.Contains("gcm", StringComparison.Ordinal)));

    [Theory]
    [InlineData("-oServerAliveIntervall=5", "unknown setting 'ServerAliveIntervall'; the nearest is ServerAliveInterval")]
    [InlineData("-o=5", "-o needs a setting, as in -o Port=2222")]
    [InlineData("-oPort", "Port needs a value: Port=PORT")]
    [InlineData("-oPort=\"\"", "Port needs a value: Port=PORT")]
    [InlineData("-p 0", "-p needs a port from 1 to 65535, not '0'")]
    [InlineData("-oConnectTimeout=5x", "ConnectTimeout needs a time of at most 30 days, as in 90 or 1m30s, not '5x'")]
    [InlineData("-oServerAliveCountMax=-1", "ServerAliveCountMax needs a number of at least 0, not '-1'")]
    [InlineData("-oDataPorts=2-1", "DataPorts needs two ports, the lower first, as in DataPorts=50000-50099, not '2-1'")]
    [InlineData("-oAdvertiseAddress=::1", "AdvertiseAddress needs an IPv4 address, not '::1'")]
    [InlineData("-oPassiveAddress=any", "PassiveAddress is one of control-host, reply, map, not 'any'")]
    [InlineData("-oDataMode=both", "DataMode is one of auto, active, passive, not 'both'")]
    [InlineData("-oAuthTls=yes", "AuthTls is one of refuse, transparent, not 'yes'")]
    [InlineData("-oPassiveAddressMap=10.0.0.5", "PassiveAddressMap needs ADDRESS=HOST, with commas between several, not '10.0.0.5'")]
    [InlineData("-oPassiveAddressMap=::1=a", "PassiveAddressMap needs an IPv4 address, not '::1'")]
    [InlineData("-oPassiveAddressMap=1.2.3.4=", "PassiveAddressMap needs the name or address of a host, not ''")]
    [InlineData("-oPassiveAddressMap=1.2.3.4=a,1.2.3.4=b", "PassiveAddressMap has 1.2.3.4 twice")]
    [InlineData("-oUploadName=hidden", "UploadName is one of final, temporary, not 'hidden'")]
    [InlineData("-oDeniedCommands=DELE,,RMD",
        "DeniedCommands: '': write one FTP command, as in DELE, or one of SITE or OPTS, as in SITE CHMOD")]
    [InlineData("-oDeniedCommands=QUIT", "DeniedCommands: 'QUIT': no session can do without it")]
    [InlineData("-oMaxLineLength=100", "MaxLineLength needs a number of bytes from 512 to 65536, not '100'")]
    [InlineData("-oSessionsPerClient=0", "SessionsPerClient needs a number of at least 1, not '0'")]
    [InlineData("-oTransferRate=10", "TransferRate needs a number of bytes a second, at least 1K, as in 512K or 10M, not '10'")]
    [InlineData("-oStrictHostKeyChecking=maybe", "StrictHostKeyChecking is one of ask, true, yes, accept-new, false, no, off, not 'maybe'")]
    [InlineData("-oHost=x", "Host stands in configuration files only")]
    [InlineData("-oPort=\"23", "a quote has no end")]
    [InlineData("-oRekeyLimit=15", "RekeyLimit needs a number of bytes, at least 16, as in 512M or 1G, not '15'")]
    [InlineData("-oProxy=ftp://x", "Proxy: proxy rule 'ftp://x': ")]
    [InlineData("-J a,,b", "'': that is no host name; write [user@]host or ssh://[user@]host[:port]")]
    [InlineData("-J ::1", "'::1': an IPv6 address stands in [brackets]; write [user@]host or ssh://[user@]host[:port]")]
    [InlineData("-J a -J b", "-J is given once, with commas between the hosts, and not together with ProxyCommand")]
    [InlineData("-C", "-C: compression is not supported; leave -C out, and compress files before their transfer")]
    [InlineData("-fN", "-f: it stays in the foreground; leave -f out, and start it with & or as a service")]
    [InlineData("-oNumberOfPasswordPrompts=-1", "NumberOfPasswordPrompts needs a number of at least 0, not '-1'")]
    [InlineData("h -oReadOnly=yes", "-o ReadOnly is for FTP, and no forward carries it: write ftp/ in front of its port")]
    [InlineData(
        "h -R ftp/2:h:21 -odatapeeruid=yes", "-o DataPeerUid is for clients on this machine, and those of -R are elsewhere: leave it out")]
    [InlineData("h h2", "'h2' is one argument too many: only a destination is given, never a command")]
    public void A_wrong_argument_is_one_line_that_says_what_to_write(string arguments, string message) =>
        Assert.StartsWith(message, Assert.Throws<UsageException>(() => Parse(arguments)).Message);

    [Fact]
    public void What_is_OpenSSHs_and_means_nothing_here_is_told_and_no_error() =>
        Assert.Equal(["ControlMaster", "x-new"], Parse("-oControlMaster=no -oIgnoreUnknown=x-* -ox-new=1 h").Unused);

    [Theory]
    [InlineData("-J a,b@c:22,ssh://d@[::1]:23", "a,b@c:22,d@[::1]:23")]
    [InlineData("-J none", "")]
    [InlineData("-oProxyJump=a -oProxyJump=b", "a")]
    [InlineData("-oProxyCommand=none -oProxyJump=b", null)]
    public void Jump_hosts_are_read_and_the_first_way_wins(string arguments, string? jumps) =>
        Assert.Equal(jumps, Parse($"{arguments} h").Settings.ProxyJump is { } list ? JumpList.Format(list) : null);

    [Fact]
    public void Without_a_server_or_a_forward_there_is_nothing_to_do()
    {
        Assert.StartsWith("the SSH server is missing", Assert.Throws<UsageException>(() => ForwardArguments.Parse(["-L1:h:1"])).Message);
        Assert.StartsWith("nothing to forward", Assert.Throws<UsageException>(() => ForwardArguments.Parse(["h"])).Message);
        Assert.True(ForwardArguments.Parse(["--help"]).Help);
    }

    [Fact]
    public void No_arguments_throw_anything_but_a_usage_error()
    {
        var pieces = Gen.Elements(
            "-", "--", "-L", "-o", "-p", "=", "Port", "Ciphers", "ConnectTimeout", "99999999999999999999", "1w", "h", "é", "\u202e", "-4",
            "password-file", "DataPorts=1-2", "+", "^", "", " ", "\"", "@", "2121:h:21");
        var argument = pieces.ListOf().Select(list => string.Concat(list));
        Prop.ForAll(argument.ListOf().Select(list => list.ToArray()).ToArbitrary(), Check).Check(Seeded.Cases);
        Prop.ForAll<NonNull<string>[]>(texts => Check([.. texts.Select(text => text.Get)])).Check(Seeded.Cases);

        static void Check(string[] texts)
        {
            try
            {
                var arguments = ForwardArguments.Parse(texts);
                var isComplete = arguments.Host is not null && (arguments.PrintSettings || arguments.Forwards.Count > 0);
                Assert.True(arguments.Help || arguments.Version || isComplete);
            }
            catch (UsageException exception)
            {
                Assert.NotEmpty(exception.Message);
            }
        }
    }

    private static ForwardArguments Parse(string arguments) => Parse(arguments.Split(' '));

    private static ForwardArguments Parse(params string[] arguments) => ForwardArguments.Parse(["-L1:h:1", .. arguments]);
}
