using System.Net.NetworkInformation;
using System.Net.Sockets;
using ActorTunnel.Cli.Check;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.ConfigurationFiles;

namespace ActorTunnel.FunctionalTests.CommandLine;

public sealed class CheckCommandTests : IDisposable
{
    private const string Right = """
        {
          "socks": { "allowRelay": true, "clients": "0.0.0.0/0" },
          "profiles": {
            "gate": { "host": "gate.example.com", "user": "bob", "passwordFile": "password" },
            "main": { "host": "ssh.example.com", "port": 2222, "user": "alice", "passwordFile": "password", "through": "gate" },
            "open": {},
          },
          "rules": [
            { "name": "private", "address": "127.0.0.0/8", "resolve": true, "ports": 1, "action": "block" },
            { "host": "*.internal", "ports": "21-22", "action": "ftp-tunnel", "profile": "main", "userFromApplication": true },
            { "hostRegex": "ftp[0-9]", "action": "ftp-tunnel", "profile": "open", "hostFromApplication": true,
              "userFromApplication": true, "destination": "127.0.0.1", "destinationPort": 2121 },
            { "host": "192.0.2.1", "action": "tunnel", "profile": "main", "fallbackToPlain": true },
            { "client": "10.0.0.0/8", "action": "direct" },
          ],
          "tunnels": [ { "listen": 5432, "type": "tcp", "destination": "db:5432", "profile": "main" },
                       { "listen": "*:21", "type": "ftp", "allowRelay": true, "remote": true, "destination": "localhost:21",
                         "profile": "main" } ],
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("check");
    private readonly StringWriter _result = new();
    private readonly StringWriter _error = new();

    public CheckCommandTests()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "password"), "secret\n");
        File.SetUnixFileMode(Path.Combine(_folder.FullName, "password"), UnixFileMode.UserRead);
    }

    private string ConfigurationFile => Path.Combine(_folder.FullName, "f.json");

    private string[] Result => _result.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private string[] Error => _error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _result.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task A_file_without_mistakes_is_summed_up()
    {
        Assert.Equal(0, await CheckAsync(Right));
        Assert.Empty(Error);
        Assert.Equal(
            [
                "socks            127.0.0.1:1080 for 0.0.0.0/0",
                "tunnel tunnel-1  tcp 127.0.0.1:5432, [::1]:5432 -> db:5432 through main",
                "tunnel tunnel-2  ftp *:21 on main -> localhost:21",
                "profile gate     bob at gate.example.com:22",
                "profile main     alice at ssh.example.com:2222 through gate",
                "profile open     the FTP user at the host asked for",
                "rule private     block: address, names resolved, 127.0.0.0/8; ports 1",
                "rule rule-2      ftp-tunnel through main: host *.internal; ports 21-22",
                "rule rule-3      ftp-tunnel through open to 127.0.0.1:2121: host like ftp[0-9]",
                "rule rule-4      tunnel through main: host 192.0.2.1",
                "rule rule-5      direct: client 10.0.0.0/8",
                "otherwise        block",
                $"{ConfigurationFile}: no mistakes",
            ],
            Result);
    }

    [Fact]
    public async Task All_mistakes_are_told_with_file_line_and_path_those_of_profiles_too()
    {
        var code = await CheckAsync("""
            {
              "sock": {},
              "profiles": {
                "a": { "host": "h", "user": "u", "through": "b", "passwordFile": "password" },
                "b": { "host": "h", "user": "u", "through": "a", "password": "hunter2", "connectTimeout": "soon" },
              },
              "rules": [ { "action": "tunnel", "profile": "c" } ],
            }
            """);
        Assert.Equal(2, code);
        Assert.Empty(Result);
        Assert.StartsWith($"actortunnel: {ConfigurationFile}:2: sock: 'sock' is no key", Error[0], StringComparison.Ordinal);
        Assert.Contains(Error, line => line.Contains(":5: profiles.b.through: leads in a circle: a -> b -> a", StringComparison.Ordinal));
        Assert.Contains(Error, line => line.Contains(":5: profiles.b.password: 'password' is no key", StringComparison.Ordinal));
        Assert.Contains(Error, line => line.Contains(":5: profiles.b.connectTimeout: ", StringComparison.Ordinal));
        Assert.Contains(Error, line => line.Contains(":7: rules[0].profile: there is no profile 'c'", StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistyped_password_file_is_not_told_as_nothing_to_log_in_with_too()
    {
        Assert.Equal(2, await CheckAsync("""
            {
              "socks": {},
              "profiles": { "a": { "host": "h", "user": "u", "methods": "password", "passwordFil": "password" } },
              "rules": [ { "action": "tunnel", "profile": "a" } ],
            }
            """));
        Assert.EndsWith("no key of this object; the nearest is passwordFile", Assert.Single(Error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_warning_is_no_mistake()
    {
        Assert.Equal(0, await CheckAsync("""{ "socks": {}, "rules": [ { "action": "direct" }, { "action": "block" } ] }"""));
        Assert.StartsWith($"actortunnel: warning: {ConfigurationFile}:1: rules[1]: ", Assert.Single(Error), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp.internal", "192.0.2.9", null, new[]
    {
        "ftp.internal:21 for 192.0.2.9",
        "  private  no: port 21 is not 1",
        "  rule-2   matches",
        "ftp-tunnel  to ftp.internal:21, as the SSH server sees it",
        "SSH server  ssh.example.com:2222 through bob@gate.example.com:22, profile main",
        "login       as the FTP user: password, the FTP password; keyboard-interactive with the FTP password",
        "fallback    none: without the SSH server there is no connection",
    })]
    [InlineData("FTP7.:21", "192.0.2.9", "eve", new[]
    {
        "FTP7.:21 for eve at 192.0.2.9",
        "FTP7. is read as ftp7",
        "  private  no: port 21 is not 1",
        "  rule-2   no: ftp7 is not *.internal",
        "  rule-3   matches",
        "ftp-tunnel  to 127.0.0.1:2121, as the SSH server sees it",
        "SSH server  ftp7:22, profile open",
        "login       as the FTP user: password, the FTP password; keyboard-interactive with the FTP password",
        "fallback    none: without the SSH server there is no connection",
    })]
    [InlineData("0xc0.0.2.1:80", "192.0.2.9", null, new[]
    {
        "0xc0.0.2.1:80 for 192.0.2.9",
        "0xc0.0.2.1 is read as 192.0.2.1",
        "  private  no: port 80 is not 1",
        "  rule-2   no: port 80 is not 21-22",
        "  rule-3   no: 192.0.2.1 is not like ftp[0-9]",
        "  rule-4   matches",
        "tunnel      to 192.0.2.1:80, as the SSH server sees it",
        "SSH server  ssh.example.com:2222 through bob@gate.example.com:22, profile main",
        "login       as alice: password, the profile's password; keyboard-interactive with the profile's password",
        "fallback    to 192.0.2.1:80 without SSH, readable for everybody, when TCP to the SSH server fails",
    })]
    [InlineData("[2001:db8::1]:80", "::ffff:10.0.0.1", null, new[]
    {
        "[2001:db8::1]:80 for 10.0.0.1",
        "  private  no: port 80 is not 1",
        "  rule-2   no: port 80 is not 21-22",
        "  rule-3   no: 2001:db8::1 is not like ftp[0-9]",
        "  rule-4   no: 2001:db8::1 is not 192.0.2.1",
        "  rule-5   matches",
        "direct  to [2001:db8::1]:80, without SSH, readable for everybody",
    })]
    [InlineData("::1", "10.0.0.1", null, new[]
    {
        "[::1]:21 for 10.0.0.1",
        "  private  no: port 21 is not 1",
        "  rule-2   no: ::1 is not *.internal",
        "  rule-3   no: ::1 is not like ftp[0-9]",
        "  rule-4   no: ::1 is not 192.0.2.1",
        "  rule-5   matches",
        "block  ::1 is this machine (loopback), and rule rule-5 does not name it",
    })]
    [InlineData("example.com", "192.0.2.9", null, new[]
    {
        "example.com:21 for 192.0.2.9",
        "  private  no: port 21 is not 1",
        "  rule-2   no: example.com is not *.internal",
        "  rule-3   no: example.com is not like ftp[0-9]",
        "  rule-4   no: example.com is not 192.0.2.1",
        "  rule-5   no: client 192.0.2.9 is not 10.0.0.0/8",
        "block  no rule matches",
    })]
    [InlineData("127.1:1", "192.0.2.9", null, new[]
    {
        "127.1:1 for 192.0.2.9",
        "127.1 is read as 127.0.0.1",
        "  private  matches",
        "block  rule private blocks it",
    })]
    [InlineData("256.1.1.1", "192.0.2.9", null, new[]
    {
        "256.1.1.1:21 for 192.0.2.9",
        "block  that is no host name and no address",
    })]
    public async Task With_a_destination_it_explains_what_would_happen(string destination, string client, string? user, string[] lines)
    {
        string[] who = user is null ? [] : ["--user", user];
        Assert.Equal(0, await CheckAsync(Right, ["--destination", destination, "--client", client, .. who]));
        Assert.Equal(lines, Result);
    }

    [Fact]
    public async Task A_name_is_resolved_when_a_rule_asks_for_it()
    {
        Assert.Equal(0, await CheckAsync(Right, ["--destination", "localhost:1"]));
        Assert.StartsWith("localhost is ", Result[1], StringComparison.Ordinal);
        Assert.Equal("block  rule private blocks it", Result[^1]);
    }

    [Fact]
    public async Task The_user_is_one_of_the_conditions()
    {
        const string text = """{ "socks": {}, "rules": [ { "socksUser": ["alice", "bob"], "action": "block" } ] }""";
        Assert.Equal(0, await CheckAsync(text, ["--destination", "a"]));
        Assert.Contains("  rule-1  no: the client has no name, and is not alice, bob", Result);
        Assert.Equal(0, await CheckAsync(text, ["--destination", "a", "--user", "eve"]));
        Assert.Contains("  rule-1  no: eve is not alice, bob", Result);
        Assert.Equal(0, await CheckAsync(text, ["--destination", "a", "--user", "bob"]));
        Assert.Contains("  rule-1  matches", Result);
    }

    [Theory]
    [InlineData("{}", "192.0.2.7", "socks does not serve 192.0.2.7: it listens on loopback addresses only")]
    [InlineData("{ \"allowRelay\": true, \"clients\": \"10.0.0.0/8\" }", "192.0.2.7",
        "socks does not serve 192.0.2.7: no network in clients")]
    [InlineData("{ \"allowRelay\": true, \"clients\": \"10.0.0.0/8\" }", "10.0.0.7", "direct")]
    public async Task A_client_that_no_proxy_serves_gets_to_no_rule(string socks, string client, string last)
    {
        var text = $"{{ \"socks\": {socks}, \"rules\": [ {{ \"action\": \"direct\" }} ] }}";
        Assert.Equal(0, await CheckAsync(text, ["--destination", "192.0.2.1", "--client", client]));
        Assert.StartsWith(last, Result[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_is_for_editors()
    {
        Assert.Equal(0, await RunAsync("--schema"));
        Assert.Equal(ConfigurationSchema.Text, _result.ToString());
    }

    [Fact]
    public async Task A_file_that_others_can_write_is_not_used()
    {
        File.WriteAllText(ConfigurationFile, Right);
        File.SetUnixFileMode(ConfigurationFile, (UnixFileMode)Convert.ToInt32("664", 8));
        Assert.Equal(2, await RunAsync("-c", ConfigurationFile));
        Assert.Contains("chmod go-w", Assert.Single(Error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_mistake()
    {
        Assert.Equal(2, await RunAsync("-c", ConfigurationFile));
        Assert.Contains($"no file {ConfigurationFile}: give it with -c FILE", Assert.Single(Error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_names_every_option()
    {
        Assert.Equal(0, await RunAsync("--help"));
        foreach (var option in CheckArguments.Options)
            Assert.Contains(HelpTable.Usage(option), _result.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--user", "alice")]
    [InlineData("--client", "10.0.0.1")]
    [InlineData("--destination", "")]
    [InlineData("--destination", ":21")]
    [InlineData("--destination", "a:0")]
    [InlineData("--destination", "a:ftp")]
    [InlineData("--destination", "http://server")]
    [InlineData("--destination", "a", "--client", "here")]
    [InlineData("file.json")]
    public void What_cannot_be_meant_is_refused(params string[] arguments) =>
        Assert.Throws<UsageException>(() => CheckArguments.Parse(arguments));

    [Fact]
    public async Task A_listener_on_all_addresses_is_guarded_at_each_address_of_this_machine_as_the_proxy_does_it()
    {
        const string text = """
            { "socks": { "listen": "*:1080", "allowRelay": true, "clients": "0.0.0.0/0" }, "rules": [ { "action": "direct" } ] }
            """;
        var addresses = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(own => own.Address).Where(address => address.AddressFamily == AddressFamily.InterNetwork).ToList();
        Assert.NotEmpty(addresses); // 127.0.0.1 at least, which is guarded for itself too.

        foreach (var address in addresses)
        {
            Assert.Equal(0, await CheckAsync(text, ["--destination", $"{address}:1080"]));
            Assert.StartsWith("block", Result[^1], StringComparison.Ordinal);
        }
    }

    private Task<int> CheckAsync(string text, params string[] arguments)
    {
        File.WriteAllText(ConfigurationFile, text);
        File.SetUnixFileMode(ConfigurationFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return RunAsync(["-c", ConfigurationFile, .. arguments]);
    }

    private Task<int> RunAsync(params string[] arguments) =>
        new CheckCommand(TimeProvider.System).RunAsync(arguments, new CommandOutput(_result, _error));
}
