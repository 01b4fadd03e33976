using System.Runtime.Versioning;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Ssh.Tests.Keys;

public sealed class KnownHostsPolicyTests : IDisposable
{
    private static readonly PublicKey _key = NewKey("ssh-ed25519");
    private static readonly PublicKey _otherKey = NewKey("ssh-ed25519");
    private static readonly PublicKey _ecdsaKey = NewKey("ecdsa-sha2-nistp256");

    private readonly SshKeygen _keygen = new();
    private readonly List<string> _notices = [];

    public static TheoryData<StrictHostKeyChecking> Modes => [.. Enum.GetValues<StrictHostKeyChecking>()];

    private string KnownHosts => _keygen.PathOf("known_hosts");

    public void Dispose() => _keygen.Dispose();

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_known_key_is_accepted_without_a_question_or_a_change(StrictHostKeyChecking mode)
    {
        Write($"# hosts", $"other {_otherKey.ToLine()}", $"h,[h]:2222 {_key.ToLine()} comment");
        var before = File.ReadAllText(KnownHosts);
        await Policy(mode).CheckAsync(_key, default);
        await Policy(mode, host: "H").CheckAsync(_key, default);
        await Policy(mode, port: 2222).CheckAsync(_key, default);
        Assert.Equal(before, File.ReadAllText(KnownHosts));
        Assert.Empty(_notices);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_changed_key_is_refused_in_every_mode_and_the_line_is_named(StrictHostKeyChecking mode)
    {
        Write("", $"h {_otherKey.ToLine()}");
        var exception = await RefusedAsync(Policy(mode), _key, SshFailure.HostKeyChanged);
        Assert.Contains(KnownHosts + ":2", exception.Message, StringComparison.Ordinal);
        Assert.Contains(_key.Fingerprint, exception.Message, StringComparison.Ordinal);
        Assert.Contains($"ssh-keygen -f '{KnownHosts}' -R 'h'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_advice_for_a_changed_key_works()
    {
        Write($"[h]:2222 {_otherKey.ToLine()}");
        await RefusedAsync(Policy(StrictHostKeyChecking.AcceptNew, port: 2222), _key, SshFailure.HostKeyChanged);
        _keygen.Run("-f", KnownHosts, "-R", "[h]:2222");
        await Policy(StrictHostKeyChecking.AcceptNew, port: 2222).CheckAsync(_key, default);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_host_known_with_another_type_of_key_only_counts_as_changed(StrictHostKeyChecking mode)
    {
        Write($"h {_ecdsaKey.ToLine()}");
        await RefusedAsync(Policy(mode), _key, SshFailure.HostKeyChanged);
    }

    [Fact]
    public async Task One_of_several_keys_of_a_host_is_enough()
    {
        Write($"h {_otherKey.ToLine()}", $"h {_ecdsaKey.ToLine()}", $"h {_key.ToLine()}");
        await Policy(StrictHostKeyChecking.Yes).CheckAsync(_key, default);
        await Policy(StrictHostKeyChecking.Yes).CheckAsync(_ecdsaKey, default);
    }

    [Fact]
    public async Task Keys_of_types_that_cannot_be_checked_here_make_no_host_known()
    {
        Write("h ssh-dss AAAAB3NzaC1kc3MAAAAA");
        await RefusedAsync(Policy(StrictHostKeyChecking.Yes), _key, SshFailure.HostKeyUnknown);
        Assert.Empty(Policy(StrictHostKeyChecking.Yes).KnownKeyTypes);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_revoked_key_is_refused_even_if_it_is_known_too(StrictHostKeyChecking mode)
    {
        Write($"h {_key.ToLine()}", $"@revoked h {_key.ToLine()}");
        await RefusedAsync(Policy(mode), _key, SshFailure.HostKeyChanged);
        await RefusedAsync(Policy(mode, port: 2222), _key, SshFailure.HostKeyChanged);
    }

    [Fact]
    public async Task The_key_of_a_certificate_authority_is_no_host_key()
    {
        Write($"@cert-authority * {_key.ToLine()}");
        await RefusedAsync(Policy(StrictHostKeyChecking.Yes), _key, SshFailure.HostKeyUnknown);
    }

    [Fact]
    public async Task A_key_without_port_is_good_for_other_ports_but_another_key_there_is_only_unknown()
    {
        Write($"h {_key.ToLine()}");
        await Policy(StrictHostKeyChecking.Yes, port: 2222).CheckAsync(_key, default);
        Assert.Equal(["ssh-ed25519"], Policy(StrictHostKeyChecking.Yes, port: 2222).KnownKeyTypes);
        await RefusedAsync(Policy(StrictHostKeyChecking.Yes, port: 2222), _otherKey, SshFailure.HostKeyUnknown);
        await Policy(StrictHostKeyChecking.AcceptNew, port: 2222).CheckAsync(_otherKey, default);
        await RefusedAsync(Policy(StrictHostKeyChecking.Yes, port: 2222), _key, SshFailure.HostKeyChanged);
    }

    [Fact]
    public async Task An_alias_is_looked_up_and_written_instead_of_host_and_port()
    {
        Write($"h {_otherKey.ToLine()}", $"[h]:2222 {_otherKey.ToLine()}", $"hub {_key.ToLine()}");
        await Policy(StrictHostKeyChecking.Yes, port: 2222, alias: "hub").CheckAsync(_key, default);
        await RefusedAsync(Policy(StrictHostKeyChecking.Yes, port: 2222, alias: "hub"), _otherKey, SshFailure.HostKeyChanged);
        await Policy(StrictHostKeyChecking.AcceptNew, port: 2222, alias: "new").CheckAsync(_ecdsaKey, default);
        Assert.Equal($"new {_ecdsaKey.ToLine()}", File.ReadAllLines(KnownHosts)[^1]);
        Assert.Throws<ArgumentException>(() => Policy(StrictHostKeyChecking.Yes, alias: "*"));
    }

    [Theory]
    [InlineData("::1", "0:0::1")]
    [InlineData("[2001:db8::a]:2222", "2001:DB8:0::A")]
    public async Task An_address_is_looked_up_as_ssh_writes_it(string name, string host)
    {
        Write($"{name} {_key.ToLine()}");
        await Policy(StrictHostKeyChecking.Yes, host, name[0] == '[' ? 2222 : 22).CheckAsync(_key, default);
    }

    [Theory]
    [InlineData(StrictHostKeyChecking.Yes)]
    [InlineData(StrictHostKeyChecking.Ask)]
    public async Task An_unknown_key_is_refused_when_nobody_may_decide(StrictHostKeyChecking mode)
    {
        var exception = await RefusedAsync(Policy(mode), _key, SshFailure.HostKeyUnknown);
        Assert.Contains(_key.Fingerprint, exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(KnownHosts));
    }

    [Theory]
    [InlineData(StrictHostKeyChecking.AcceptNew)]
    [InlineData(StrictHostKeyChecking.No)]
    public async Task A_new_key_is_accepted_and_written_where_OpenSSH_finds_it(StrictHostKeyChecking mode)
    {
        await Policy(mode).CheckAsync(_key, default);
        await Policy(mode, port: 2222).CheckAsync(_ecdsaKey, default);
        Assert.Equal([$"h {_key.ToLine()}", $"[h]:2222 {_ecdsaKey.ToLine()}"], File.ReadAllLines(KnownHosts));
        Assert.Contains(_key.ToLine(), _keygen.Run("-F", "h", "-f", KnownHosts), StringComparison.Ordinal);
        Assert.Contains(_ecdsaKey.ToLine(), _keygen.Run("-F", "[h]:2222", "-f", KnownHosts), StringComparison.Ordinal);
        Assert.Equal(2, _notices.Count);
        Assert.Contains(_key.Fingerprint, _notices[0], StringComparison.Ordinal);
        await Policy(StrictHostKeyChecking.Yes).CheckAsync(_key, default);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_new_file_is_for_its_owner_only_and_so_is_its_folder()
    {
        var path = Path.Combine(_keygen.PathOf("new"), "known_hosts");
        await Policy(StrictHostKeyChecking.AcceptNew, file: path).CheckAsync(_key, default);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(_keygen.PathOf("new")));
    }

    [Fact]
    public async Task A_missing_last_line_end_is_added()
    {
        File.WriteAllText(KnownHosts, $"other {_otherKey.ToLine()}");
        await Policy(StrictHostKeyChecking.AcceptNew).CheckAsync(_key, default);
        Assert.Equal($"other {_otherKey.ToLine()}\nh {_key.ToLine()}\n", File.ReadAllText(KnownHosts));
    }

    [Fact]
    public async Task Hashed_files_of_ssh_keygen_are_read_and_stay_hashed()
    {
        Write($"h {_key.ToLine()}", $"[h]:2222 {_ecdsaKey.ToLine()}");
        _keygen.Run("-H", "-f", KnownHosts);
        Assert.DoesNotContain("h ssh-", File.ReadAllText(KnownHosts), StringComparison.Ordinal);
        await Policy(StrictHostKeyChecking.Yes).CheckAsync(_key, default);
        await Policy(StrictHostKeyChecking.Yes, port: 2222).CheckAsync(_ecdsaKey, default);
        await RefusedAsync(Policy(StrictHostKeyChecking.Yes), _otherKey, SshFailure.HostKeyChanged);

        await Policy(StrictHostKeyChecking.AcceptNew, host: "New").CheckAsync(_otherKey, default);
        Assert.All(File.ReadAllLines(KnownHosts), line => Assert.StartsWith("|1|", line, StringComparison.Ordinal));
        Assert.Contains(_otherKey.ToLine(), _keygen.Run("-F", "new", "-f", KnownHosts), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_person_asked_decides(bool answer)
    {
        HostKeyQuestion? question = null;
        var policy = Policy(StrictHostKeyChecking.Ask, port: 2222, ask: (asked, _) =>
        {
            question = asked;
            return ValueTask.FromResult(answer);
        });
        if (answer)
            await policy.CheckAsync(_key, default);
        else
            await RefusedAsync(policy, _key, SshFailure.HostKeyUnknown);
        Assert.Equal(new HostKeyQuestion("h", 2222, _key), question);
        Assert.Equal(answer, File.Exists(KnownHosts));
    }

    [Fact]
    public async Task Broken_lines_are_named_and_skipped()
    {
        Write("nonsense", $"h {_key.ToLine()}", "@what h " + _key.ToLine());
        await Policy(StrictHostKeyChecking.Yes).CheckAsync(_key, default);
        Assert.Collection(
            _notices,
            first => Assert.StartsWith(KnownHosts + ":1:", first, StringComparison.Ordinal),
            second => Assert.StartsWith(KnownHosts + ":3:", second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_files_are_read_each_time_and_the_first_is_written()
    {
        var second = _keygen.PathOf("known_hosts2");
        File.WriteAllText(second, $"h {_key.ToLine()}\n");
        var policy = Policy(StrictHostKeyChecking.AcceptNew, files: [KnownHosts, second, _keygen.PathOf("missing")]);
        await policy.CheckAsync(_key, default);
        Assert.False(File.Exists(KnownHosts));
        File.Delete(second);
        await policy.CheckAsync(_otherKey, default);
        Assert.True(File.Exists(KnownHosts));
        await RefusedAsync(policy, _key, SshFailure.HostKeyChanged);
    }

    [Fact]
    public void Known_types_are_those_of_the_matching_lines()
    {
        Write($"h {_ecdsaKey.ToLine()}", $"* {_key.ToLine()}", $"h {_otherKey.ToLine()}", $"other {NewKey("ssh-rsa").ToLine()}");
        Assert.Equal(["ecdsa-sha2-nistp256", "ssh-ed25519"], Policy(StrictHostKeyChecking.Yes).KnownKeyTypes);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_lets_nobody_in()
    {
        Directory.CreateDirectory(KnownHosts);
        await RefusedAsync(Policy(StrictHostKeyChecking.AcceptNew), _key, SshFailure.HostKeyUnknown);
    }

    [Fact]
    public async Task A_key_that_cannot_be_written_down_is_still_accepted()
    {
        File.WriteAllText(_keygen.PathOf("file"), "");
        await Policy(StrictHostKeyChecking.AcceptNew, file: "/proc/no/known_hosts").CheckAsync(_key, default);
        Assert.StartsWith("Could not add", Assert.Single(_notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_null_device_is_an_empty_file()
    {
        await Policy(StrictHostKeyChecking.AcceptNew, file: "/dev/null").CheckAsync(_key, default);
        await Policy(StrictHostKeyChecking.AcceptNew, file: "/dev/null").CheckAsync(_otherKey, default);
        Assert.All(_notices, notice => Assert.StartsWith("Added", notice, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_added_at_the_same_time_all_arrive()
    {
        await Parallel.ForAsync(0, 200, (i, _) => Policy(StrictHostKeyChecking.AcceptNew, host: $"h{i}").CheckAsync(_key, default));
        Assert.Equal(
            Enumerable.Range(0, 200).Select(i => $"h{i} {_key.ToLine()}").Order(),
            File.ReadAllLines(KnownHosts).Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("h\nevil")]
    [InlineData("*")]
    [InlineData("a,b")]
    public void A_host_whose_name_would_mean_something_else_in_the_file_is_refused(string host) =>
        Assert.Throws<ArgumentException>(() => Policy(StrictHostKeyChecking.AcceptNew, host));

    private static PublicKey NewKey(string type)
    {
        using var key = PrivateKey.Generate(type);
        return key.PublicKey;
    }

    private static async Task<SshException> RefusedAsync(KnownHostsPolicy policy, PublicKey key, SshFailure failure)
    {
        var exception = await Assert.ThrowsAsync<SshException>(() => policy.CheckAsync(key, default).AsTask());
        Assert.Equal(failure, exception.Failure);
        Assert.DoesNotContain('\n', exception.Message);
        return exception;
    }

    private void Write(params string[] lines) => File.WriteAllLines(KnownHosts, lines);

    private KnownHostsPolicy Policy(
        StrictHostKeyChecking mode,
        string host = "h",
        int port = 22,
        string? alias = null,
        string? file = null,
        string[]? files = null,
        Func<HostKeyQuestion, CancellationToken, ValueTask<bool>>? ask = null) => new(new()
        {
            Host = host,
            Port = port,
            HostKeyAlias = alias,
            Files = files ?? [file ?? KnownHosts],
            Mode = mode,
            Ask = ask,
            Notice = line =>
            {
                lock (_notices)
                    _notices.Add(line);
            },
        });
}
