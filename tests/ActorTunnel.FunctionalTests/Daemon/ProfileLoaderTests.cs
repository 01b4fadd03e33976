using System.Runtime.Versioning;
using ActorTunnel.Cli;
using ActorTunnel.Cli.Authentication;
using ActorTunnel.Cli.Daemon.Profiles;
using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.FunctionalTests.CommandLine;
using ActorTunnel.FunctionalTests.Fixtures;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.FunctionalTests.Daemon;

/// <summary>From a profile's section to what an SSH connection is made with.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ProfileLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RememberedSecrets _secrets = new();
    private readonly StringWriter _errors = new();
    private readonly List<string> _mistakes = [];
    private IReadOnlyDictionary<string, LoadedProfile> _loaded = new Dictionary<string, LoadedProfile>();

    public void Dispose()
    {
        _secrets.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_same_host_has_the_same_policy_and_credentials_so_that_connections_are_shared()
    {
        var template = (await LoadAsync(new ProfileSection { User = "u", PasswordFile = Secret("password") })).Template;

        var (one, same, other) = (Make(template, "Host.test"), Make(template, "host.TEST"), Make(template, "other.test"));

        Assert.Equal("host.test", one.Host);
        Assert.Same(one.HostKeys, same.HostKeys);
        Assert.Equal(one.Credentials, same.Credentials);
        Assert.NotSame(one.HostKeys, other.HostKeys);
        Assert.True(template.NeedsHost);
        Assert.False(template.NeedsUser);
    }

    [Fact]
    public async Task A_profile_that_is_as_it_was_stays_the_same_object_until_something_of_it_changes()
    {
        var key = TestKeys.Create(_folder.FullName, "key", "");
        var section = new ProfileSection { Host = "h", User = "u", IdentityFiles = [key] };
        var first = await LoadAsync(section);

        Assert.Same(first, await LoadAsync(section with { IdentityFiles = [key] }));
        Assert.NotSame(first, await LoadAsync(section with { Port = 23 }));

        first = await LoadAsync(section);
        File.Delete(key);
        TestKeys.Create(_folder.FullName, "key", "");
        Assert.NotSame(first, await LoadAsync(section));
    }

    [Fact]
    public async Task Methods_are_tried_in_their_order_and_passwords_of_the_application_take_the_place_of_the_profiles_own()
    {
        var key = TestKeys.Create(_folder.FullName, "key", "");
        var template = (await LoadAsync(new ProfileSection
        {
            Host = "h",
            User = "u",
            IdentityFiles = [key],
            PasswordFile = Secret("password"),
            Methods = [LoginMethod.Password, LoginMethod.PublicKey, LoginMethod.KeyboardInteractive],
        })).Template;
        using var pass = new Secret("pass"u8);

        var own = template.Make(new ProfileRequest(null, null));
        var application = template.Make(new ProfileRequest(null, new ApplicationLogin("alice", pass)));

        Type[] order = [typeof(PasswordCredential), typeof(PublicKeyCredential), typeof(KeyboardInteractiveCredential)];
        Assert.Equal(order, own.Credentials.Select(credential => credential.GetType()));
        Assert.Equal(order, application.Credentials.Select(credential => credential.GetType()));
        Assert.Equal(("u", "alice"), (own.User, application.User));
        Assert.Same(pass, ((PasswordCredential)application.Credentials[0]).Secret);
        Assert.Equal("secret"u8.ToArray(), await ((PasswordCredential)own.Credentials[0]).Ask(0, default));
    }

    [Fact]
    public async Task Keys_that_the_profile_does_not_name_are_never_tried_for_a_user_of_the_application()
    {
        var template = (await LoadAsync(new ProfileSection { Host = "h" })).Template;
        using var pass = new Secret("pass"u8);

        var profile = template.Make(new ProfileRequest(null, new ApplicationLogin("root", pass)));

        Assert.Equal([typeof(PasswordCredential), typeof(KeyboardInteractiveCredential)], profile.Credentials.Select(one => one.GetType()));
    }

    [Fact]
    public async Task A_passphrase_opens_the_key_and_is_never_sent_as_a_password()
    {
        var key = TestKeys.Create(_folder.FullName, "key", "secret");
        var profile = Make((await LoadAsync(new ProfileSection
        {
            Host = "h", User = "u", IdentityFiles = [key], PasswordFile = Secret("password"),
        })).Template);

        var credential = Assert.IsType<PublicKeyCredential>(Assert.Single(profile.Credentials));
        var signature = await credential.Sign("ecdsa-sha2-nistp256", new byte[] { 1 }, default);
        Assert.True(signature.Length > 0);
    }

    [Fact]
    public async Task A_passphrase_that_opens_no_key_is_a_mistake_at_once()
    {
        var key = TestKeys.Create(_folder.FullName, "key", "another");

        await TryAsync(new ProfileSection { Host = "h", User = "u", IdentityFiles = [key], PasswordFile = Secret("password") });

        var mistake = Assert.Single(_mistakes);
        Assert.StartsWith("p.passwordFile: ", mistake, StringComparison.Ordinal);
        Assert.Contains(key, mistake, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_method_of_keys_the_secret_is_a_password_whatever_keys_there_are()
    {
        var key = TestKeys.Create(_folder.FullName, "key", "another");
        var section = new ProfileSection { Host = "h", User = "u", IdentityFiles = [key], PasswordFile = Secret("password") };

        var profile = Make((await LoadAsync(section with { Methods = [LoginMethod.Password] })).Template);

        Assert.IsType<PasswordCredential>(Assert.Single(profile.Credentials));
    }

    [Theory]
    [InlineData("none-such-program", "there is no program none-such-program in PATH")]
    [InlineData("here", "there is no program here in PATH")]
    [InlineData("./readable", "there is no program {0}/readable")]
    public async Task A_password_command_is_looked_for_in_PATH_alone_and_at_once(string program, string message)
    {
        await File.WriteAllTextAsync(_folder.PathOf("readable"), "");
        var here = Path.GetFullPath("here");
        await File.WriteAllTextAsync(here, "#!/bin/sh\n");
        File.SetUnixFileMode(here, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            await TryAsync(new ProfileSection { Host = "h", User = "u", PasswordCommand = [program] });
        }
        finally
        {
            File.Delete(here);
        }

        Assert.Equal($"p.passwordCommand: {string.Format(null, message, _folder.FullName)}", _mistakes[0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Jump_hosts_in_a_row_have_an_end(bool outermostFirst)
    {
        var profiles = Enumerable.Range(0, 10).Select(i => ($"p{i}", new ProfileSection
        {
            Host = "h", User = "u", PasswordFile = Secret("p"), Through = i < 9 ? $"p{i + 1}" : null,
        })).ToList();
        if (outermostFirst)
            profiles.Reverse();

        await TryAsync([.. profiles]);

        Assert.EndsWith("through: there are more than 8 jump hosts in a row", Assert.Single(_mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_jump_host_is_another_profile()
    {
        var loaded = await LoadAllAsync(
            ("far", new ProfileSection { Host = "far", User = "u", Through = "near", PasswordFile = Secret("password") }),
            ("near", new ProfileSection { Host = "near", User = "v", PasswordFile = Secret("password") }));

        Assert.Equal(("near", "v"), (Make(loaded["far"].Template).Via!.Host, Make(loaded["far"].Template).Via!.User));
        Assert.Same(Make(loaded["far"].Template).Via, Make(loaded["far"].Template, "else").Via);
    }

    [Fact]
    public async Task Pins_are_fingerprints_or_files()
    {
        var key = TestKeys.Create(_folder.FullName, "host", "");
        var section = new ProfileSection { Host = "h", User = "u", PasswordFile = Secret("p") };
        var byFile = Make((await LoadAsync(section with { HostKeys = ["host.pub"] })).Template);

        var known = Ssh.Keys.PublicKey.ParseLine(await File.ReadAllTextAsync(key + ".pub"));
        await byFile.HostKeys.CheckAsync(known, default);
        Assert.Equal([known.Type], byFile.HostKeys.KnownKeyTypes);

        var byPrint = Make((await LoadAsync(section with { HostKeys = [known.Fingerprint] })).Template);
        await byPrint.HostKeys.CheckAsync(known, default);
    }

    [Fact]
    public async Task A_pin_that_cannot_be_read_is_one_mistake()
    {
        await TryAsync(new ProfileSection { Host = "h", User = "u", PasswordFile = Secret("p"), HostKeys = ["none.pub"] });

        Assert.StartsWith("p.hostKeys: ", Assert.Single(_mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectOnStart_keeps_the_profiles_own_connection_and_none_of_the_applications()
    {
        var section = new ProfileSection { Host = "h", User = "u", PasswordFile = Secret("p"), ConnectOnStart = true };
        using var pass = new Secret("pass"u8);
        var application = new ProfileRequest(null, new ApplicationLogin("alice", pass));

        var template = (await LoadAsync(section)).Template;
        Assert.Equal(Timeout.InfiniteTimeSpan, Make(template).Pool.IdleTimeout);
        Assert.Equal(new PoolOptions().IdleTimeout, Make(template, "other").Pool.IdleTimeout);
        Assert.Equal(new PoolOptions().IdleTimeout, template.Make(application).Pool.IdleTimeout);

        template = (await LoadAsync(section with { IdleTimeout = "keep" })).Template;
        Assert.Equal(Timeout.InfiniteTimeSpan, template.Make(application).Pool.IdleTimeout);
    }

    [Fact]
    public async Task A_host_that_is_none_shows_when_it_is_connected_to_and_not_before()
    {
        var template = (await LoadAsync(new ProfileSection { User = "u", PasswordFile = Secret("p") })).Template;

        var policy = Make(template, "a,b").HostKeys;

        Assert.Empty(policy.KnownKeyTypes);
    }

    [Theory]
    [InlineData("a", "there is no profile a")]
    [InlineData("p", "leads in a circle: p -> p")]
    public async Task A_way_that_leads_nowhere_is_a_mistake(string through, string message)
    {
        await TryAsync(new ProfileSection { Host = "h", User = "u", PasswordFile = Secret("p"), Through = through });

        Assert.Equal([$"p.through: {message}"], _mistakes);
    }

    [Fact]
    public async Task What_cannot_be_used_is_a_mistake_each()
    {
        await TryAsync(new ProfileSection
        {
            Host = "h h",
            User = "u",
            Port = 0,
            PasswordCommand = ["echo", "x"],
            IdentityFiles = ["none"],
            Macs = "none-such",
            Connections = 65,
            IdleTimeout = "2d",
            HostKeys = ["SHA256:short"],
            RekeyLimit = "1x",
            Proxy = "ftp://x",
        });

        Assert.Equal(
            ["connections", "host", "hostKeys", "identityFiles", "idleTimeout", "macs", "port", "proxy", "rekeyLimit"],
            _mistakes.Select(mistake => mistake.Split(':')[0]["p.".Length..]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("# 1G")]
    [InlineData("1G 1h 1")]
    public async Task A_rekey_limit_that_is_none_is_a_mistake(string limit)
    {
        await TryAsync(new ProfileSection { Host = "h", User = "u", PasswordFile = Secret("p"), RekeyLimit = limit });

        Assert.StartsWith("p.rekeyLimit: ", Assert.Single(_mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_log_in_with_is_a_mistake_only_for_a_user_that_is_named()
    {
        await TryAsync(new ProfileSection { Host = "h", User = "u", Methods = [LoginMethod.Password] });

        Assert.StartsWith("p.methods: there is nothing to log in as u with", Assert.Single(_mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_others_can_read_is_a_mistake_at_its_place()
    {
        var key = _folder.PathOf("open-key");
        await File.WriteAllTextAsync(key, "-----BEGIN OPENSSH PRIVATE KEY-----");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        await TryAsync(new ProfileSection { Host = "h", User = "u", IdentityFiles = [key] });

        var mistake = Assert.Single(_mistakes);
        Assert.StartsWith("p.identityFiles: private key ", mistake, StringComparison.Ordinal);
        Assert.Contains($"run: chmod 600 {key}", mistake, StringComparison.Ordinal);
        Assert.Empty(_errors.ToString());
    }

    [Theory]
    [InlineData("SHA256:bad", "p.hostKeys: 'SHA256:bad' is not the fingerprint of a host key")]
    [InlineData("/nowhere", "p.hostKeys: there is no file /nowhere: write")]
    public async Task A_host_key_that_is_none_is_named_once(string pin, string mistake)
    {
        await TryAsync(new ProfileSection { Host = "h", User = "u", PasswordFile = Secret("p"), HostKeys = [pin] });

        Assert.StartsWith(mistake, Assert.Single(_mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_methods_and_keys_it_is_the_profile_that_has_nothing_to_log_in_with()
    {
        await TryAsync(new ProfileSection { Host = "h", User = "u", Agent = _folder.PathOf("no-agent") });

        Assert.StartsWith("p.: there is nothing to log in as u with", Assert.Single(_mistakes), StringComparison.Ordinal);
    }

    private static TunnelProfile Make(ProfileTemplate template, string? host = null) => template.Make(new ProfileRequest(host, null));

    private string Secret(string name)
    {
        var path = _folder.PathOf(name);
        File.WriteAllText(path, "secret\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    [Fact]
    public async Task An_unknown_host_key_is_refused_with_what_the_configuration_file_can_say_about_it()
    {
        var file = _folder.PathOf("known");
        var section = new ProfileSection { Host = "h", User = "u", PasswordFile = Secret("password"), KnownHosts = [file] };
        var template = (await LoadAsync(section)).Template;
        var key = PublicKey.ParseLine(File.ReadAllText(TestKeys.Create(_folder.FullName, "key", "") + ".pub"));

        var refused = await Assert.ThrowsAsync<SshException>(
            () => template.Make(new ProfileRequest(null, null)).HostKeys.CheckAsync(key, default).AsTask());

        var advice = $"then add the key to {file}, or set \"hostKeyPolicy\": \"accept-new\" in profile p";
        Assert.EndsWith(advice, refused.Message, StringComparison.Ordinal);
        Assert.Contains(key.Fingerprint, refused.Message, StringComparison.Ordinal);
    }

    private async Task<LoadedProfile> LoadAsync(ProfileSection section) => (await LoadAllAsync(("p", section)))["p"];

    private async Task<IReadOnlyDictionary<string, LoadedProfile>> LoadAllAsync(params (string Name, ProfileSection Section)[] sections)
    {
        _loaded = await TryAsync(sections);
        Assert.Empty(_mistakes);
        return _loaded;
    }

    private Task<IReadOnlyDictionary<string, LoadedProfile>> TryAsync(ProfileSection section) => TryAsync([("p", section)]);

    private Task<IReadOnlyDictionary<string, LoadedProfile>> TryAsync((string Name, ProfileSection Section)[] sections)
    {
        var output = new CommandOutput(TextWriter.Null, _errors);
        return new ProfileLoader(
            sections.ToDictionary(one => one.Name, one => one.Section),
            _loaded,
            new ConfigurationPaths(_folder.PathOf("actortunnel.json")),
            new ProfileBuilder(terminal: null, _secrets, output, TimeProvider.System),
            new ProfileKeys(_secrets, output, TimeProvider.System),
            TimeProvider.System,
            (profile, key, message) => _mistakes.Add($"{profile}.{key}: {message}")).LoadAsync(default);
    }
}
