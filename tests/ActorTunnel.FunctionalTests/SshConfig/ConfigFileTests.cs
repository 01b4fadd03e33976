using System.Runtime.Versioning;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.SshConfig;
using ActorTunnel.FunctionalTests.Fixtures;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.FunctionalTests.SshConfig;

/// <summary>Which files are read, what they may be, and what is said of a line that cannot be used.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ConfigFileTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly List<string> _notices = [];

    public ConfigFileTests() => Directory.CreateDirectory(_home.PathOf(".ssh"));

    public void Dispose() => _home.Dispose();

    [Fact]
    public void The_users_file_comes_before_the_machines_and_F_replaces_both()
    {
        var sources = ConfigSource.For(User, null);

        Assert.Equal([_home.PathOf(".ssh/config"), "/etc/ssh/ssh_config"], sources.Select(source => source.Path));
        Assert.Equal([true, false], sources.Select(source => source.MustBeOurs));
        Assert.Equal(["x"], ConfigSource.For(User, "x").Select(source => source.Path));
        Assert.Empty(ConfigSource.For(User, "None"));
    }

    [Fact]
    public void A_relative_Include_is_looked_for_in_the_folder_of_ssh()
    {
        Write("more.d/1.conf", "Port 1\nUser one");
        Write("more.d/2.conf", "Port 2\nHostName two");
        Write("more.d/.3.conf", "HostKeyAlias hidden");
        Write("config", "Include more.d/*.conf ~/.ssh/none");

        var settings = Resolve("a");

        Assert.Equal((1, "one", "two", null), (settings.Port, settings.User, settings.HostName, settings.HostKeyAlias));
    }

    [Theory]
    [InlineData("Port 22\n\nPrt 23", "config:3: unknown setting 'Prt'; the nearest is Port")]
    [InlineData("Host other\n  Port many", "config:2: Port needs a port from 1 to 65535, not 'many'")]
    [InlineData("Host \"x", "config:1: a quote has no end")]
    [InlineData("Host", "config:1: Host needs a value")]
    [InlineData("Match user", "config:1: Match: 'user' needs a value")]
    [InlineData("Match colour red", "config:1: Match: 'colour' is no criterion")]
    [InlineData("Include bad", "bad:2: User takes one value, and 'v' is one too many; quotes hold words together")]
    [InlineData("HostName %n", "'%n': %n stands for nothing here; known are %h %%")]
    [InlineData("HostName a,b", "HostName 'a,b' is no host name")]
    public void An_error_is_one_line_that_names_its_place(string text, string message)
    {
        Write("bad", "# here\nUser u v");
        Write("config", text);

        var exception = Assert.Throws<UsageException>(() => Resolve("a"));

        Assert.EndsWith(message, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_file_that_others_can_write_is_refused_wherever_it_is_included_from(UnixFileMode mode)
    {
        File.SetUnixFileMode(Write("config", "Port 1"), UnixFileMode.UserRead | mode);
        Assert.StartsWith($"Bad owner or permissions on {_home.PathOf(".ssh/config")}", Refusal("a"));

        File.SetUnixFileMode(Write("part", "Port 1"), UnixFileMode.UserRead | mode);
        var main = Write("main", "Include part");
        Assert.Contains($"Bad owner or permissions on {_home.PathOf(".ssh/part")}", Refusal("a", main));
    }

    [Fact]
    public void A_file_that_is_named_must_be_there_and_the_others_need_not()
    {
        Assert.Equal(22, Resolve("a").Port);
        Assert.Equal("there is no configuration file /no/such", Refusal("a", "/no/such"));
    }

    [Fact]
    public void Files_that_include_each_other_come_to_an_end()
    {
        Write("config", "Include config");
        Assert.EndsWith("too many files include each other", Refusal("a"), StringComparison.Ordinal);

        Write("config", "Include leaf leaf leaf leaf leaf leaf leaf leaf leaf leaf");
        Write("leaf", "Include twig twig twig twig twig twig twig twig twig twig");
        Write("twig", string.Join('\n', Enumerable.Repeat("Include end", 20)));
        Write("end", "");
        Assert.EndsWith("too many files include each other", Refusal("a"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_too_long_is_refused()
    {
        Write("config", new string('#', (1 << 20) + 1));

        Assert.EndsWith("is longer than 1048576 bytes", Refusal("a"), StringComparison.Ordinal);
    }

    [Fact]
    public void Match_exec_runs_nothing_never_matches_and_is_told_once_where_it_would_decide()
    {
        var trace = _home.PathOf("trace");
        Write("config", $"Match exec \"touch {trace}\"\nUser x\nMatch !exec \"touch {trace}\"\nUser y\nMatch host b exec false\nUser z");

        Assert.Equal(User.Name, Resolve("a").User);
        Assert.False(File.Exists(trace));
        Assert.Equal(
            [1, 3], _notices.Select(notice => int.Parse(notice.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Names_of_keys_and_sockets_are_expanded()
    {
        Write("config", "IdentityFile ~/k-%r@%h:%p\nIdentityFile none\nCertificateFile ${WHERE}/%n-%u\nIdentityAgent $AGENT\nHostName h");

        var settings = Resolve("bob@a");
        var identities = Cli.Authentication.IdentitySettings.Of(settings);

        Assert.Equal([_home.PathOf("k-bob@h:22")], identities.Files);
        Assert.Equal([$"value-of-WHERE/a-{User.Name}"], identities.CertificateFiles);
        Assert.Equal("value-of-AGENT", identities.AgentSocket);
    }

    [Theory]
    [InlineData("", "value-of-SSH_AUTH_SOCK")]
    [InlineData("IdentityAgent SSH_AUTH_SOCK", "value-of-SSH_AUTH_SOCK")]
    [InlineData("IdentityAgent none", null)]
    [InlineData("IdentityAgent /run/%u", "/run/me")]
    public void The_agent_is_found(string config, string? socket)
    {
        Write("config", config);

        Assert.Equal(socket, Resolve("a").AgentSocket);
    }

    [Fact]
    public void No_bytes_do_anything_but_mean_something_or_name_their_line()
    {
        var piece = Gen.Elements(
            "Host", "Match", "Include", "User", "Port", "HostName", "exec", "host", "all", "final", "%", "%h", "${", "}", "\"", "'", "\\",
            "=", " ", "\t", "\n", "\r", "\f", "\0", "#", "!", "*", "?", "[", "]", "[z-a]", ",", "a", "23", "ProxyJump", "@", ":", "none",
            "\u00e9", "\u202e");
        var text = piece.ListOf().Select(pieces => string.Concat(pieces));
        Prop.ForAll(text.ToArbitrary(), content => Check(System.Text.Encoding.UTF8.GetBytes(content)))
            .Check(Seeded.Cases.WithMaxTest(1000));
        Prop.ForAll<byte[]>(Check).Check(Seeded.Cases.WithMaxTest(300));

        void Check(byte[] content)
        {
            var path = _home.PathOf(".ssh/config");
            File.WriteAllBytes(path, content);
            try
            {
                var settings = Resolve("a");
                Assert.NotEmpty(settings.HostName);
                Assert.All(SettingsDump.Lines(settings), line => Assert.DoesNotContain(line, char.IsControl));
            }
            catch (UsageException exception)
            {
                Assert.DoesNotContain(exception.Message, char.IsControl);
            }
        }
    }

    private LocalUser User => new()
    {
        Home = _home.FullName,
        Name = "me",
        Id = 1,
        MachineName = "here.example",
        Variable = name => $"value-of-{name}",
    };

    private string Write(string name, string text)
    {
        var path = _home.PathOf($".ssh/{name}");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path);
        File.WriteAllText(path, text);
        return path;
    }

    private string Refusal(string host, string? file = null) => Assert.Throws<UsageException>(() => Resolve(host, file)).Message;

    private SshSettings Resolve(string destination, string? file = null)
    {
        var arguments = ForwardArguments.Parse(["-G", destination]);
        var sources = ConfigSource.For(User, file).Where(source => !source.Path.StartsWith("/etc/", StringComparison.Ordinal)).ToList();
        return new SettingsResolver(User, sources, _notices.Add).Resolve(arguments.Host!, arguments.Settings);
    }
}
