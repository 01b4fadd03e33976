using System.Runtime.Versioning;
using ActorTunnel.Cli.Authentication;
using ActorTunnel.Cli.Output;
using ActorTunnel.FunctionalTests.Fixtures;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.FunctionalTests.CommandLine;

/// <summary>Which keys are offered, in which order, and who signs: with a real agent, and certificates that ssh-keygen made.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class KeyOrderTests : IAsyncLifetime, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("actortunnel-").FullName;
    private readonly StringWriter _error = new() { NewLine = "\n" };
    private readonly RememberedSecrets _secrets = new();
    private SshAgent _agent = null!;

    public async Task InitializeAsync() => _agent = await SshAgent.StartAsync(_folder);

    public async Task DisposeAsync()
    {
        await _agent.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public void Dispose()
    {
        _secrets.Dispose();
        _error.Dispose();
    }

    [RealPartsFact]
    public async Task The_agents_keys_come_first_and_of_those_the_ones_that_a_file_names()
    {
        var (stranger, known, file) = (Create("stranger"), Create("known"), Create("file"));
        await _agent.AddAsync(stranger, known);

        Certify(Create("host"), "-h");
        await _agent.AddAsync(Path.Combine(_folder, "host"));
        await _agent.AddAsync("-d", Path.Combine(_folder, "host.pub")); // takes the plain key away; the host's certificate stays

        await AssertOffersAsync(Settings(file, known), known, stranger, file);
        await AssertOffersAsync(Settings(file, known) with { IdentitiesOnly = true }, known, file);
        await AssertOffersAsync(Settings(file, known) with { AgentSocket = null }, file, known);
        Assert.Equal("", _error.ToString());
    }

    [RealPartsFact]
    public async Task A_key_that_the_agent_has_is_never_opened_here()
    {
        var encrypted = Create("encrypted", "secret");
        await _agent.AddAsync(Copy(encrypted, "decrypted", "secret"));
        var absent = Create("absent");
        await _agent.AddAsync(absent);
        File.Delete(absent);
        var open = Create("open");
        await _agent.AddAsync(open);
        File.SetUnixFileMode(open, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        // No terminal: a question would be an error.
        await AssertOffersAsync(Settings(encrypted, absent, open) with { IdentitiesOnly = true }, encrypted, absent, open);
        Assert.Equal("", _error.ToString());
    }

    [RealPartsFact]
    public async Task A_key_that_the_agent_forgot_is_opened_here_if_nobody_has_to_be_asked()
    {
        var (plain, encrypted) = (Create("plain"), Create("encrypted", "secret"));
        await _agent.AddAsync(plain, Copy(encrypted, "decrypted", "secret"));
        var credentials = await LoadAsync(Settings(plain, encrypted));
        await _agent.AddAsync("-D");

        await SignAsync(credentials[0], plain);
        var exception = await Assert.ThrowsAsync<Ssh.SshException>(() => SignAsync(credentials[1], encrypted));
        Assert.Equal("the SSH agent refuses to sign", exception.Message);
    }

    [RealPartsFact]
    public async Task A_public_key_whose_private_half_nobody_has_is_named()
    {
        var lost = Create("lost");
        File.Delete(lost);

        Assert.Empty(await LoadAsync(Settings(lost + ".pub")));
        Assert.Equal($"actortunnel: {lost}.pub is a public key, and no SSH agent has its private half\n", _error.ToString());
    }

    [RealPartsFact]
    public async Task The_certificate_beside_a_key_is_offered_after_it_as_by_ssh()
    {
        var (first, second) = (Create("first"), Create("second"));
        Certify(second);

        await AssertOffersAsync(Settings(first, second) with { AgentSocket = null }, first, second, second + "-cert");
        await _agent.AddAsync(second);
        await AssertOffersAsync(Settings(first, second), second, second + "-cert", first);
        await AssertOffersAsync(Settings(first), second, second + "-cert", first);
    }

    [RealPartsFact]
    public async Task A_certificate_that_is_named_comes_first_and_is_the_only_one_of_a_file()
    {
        var (first, second) = (Create("first"), Create("second"));
        Certify(first);
        Certify(second);
        File.Move(second + "-cert.pub", Path.Combine(_folder, "named"));
        var settings = Settings(first, second) with { CertificateFiles = [Path.Combine(_folder, "named")] };

        var credentials = await LoadAsync(settings with { AgentSocket = null });
        Assert.Equal(3, credentials.Count);
        Assert.IsType<Certificate>(credentials[0].PublicKey);
        await SignAsync(credentials[0], second);
        await _agent.AddAsync(Copy(second, "elsewhere", ""));
        File.Delete(second);
        await SignAsync((await LoadAsync(settings))[0], second);
    }

    [RealPartsFact]
    public async Task A_certificate_out_of_its_time_is_named_and_tried_last()
    {
        var (expired, future, good) = (Create("expired"), Create("future"), Create("good"));
        Certify(expired, "-V", "20200101000000Z:20200102000000Z");
        Certify(future, "-V", "20900101000000Z:20900102000000Z");

        await AssertOffersAsync(
            Settings(expired, future, good) with { AgentSocket = null }, expired, future, good, expired + "-cert", future + "-cert");
        Assert.Equal(
            $"actortunnel: certificate {expired}-cert.pub expired at 2020-01-02 00:00:00Z; it is tried last\n"
            + $"actortunnel: certificate {future}-cert.pub is not valid before 2090-01-01 00:00:00Z; it is tried last\n",
            _error.ToString());
    }

    [RealPartsFact]
    public async Task Certificates_that_cannot_be_used_are_named_and_the_others_still_serve()
    {
        var (key, other, host) = (Create("key"), Create("other"), Create("host"));
        Certify(other);
        File.Move(other + "-cert.pub", key + "-cert.pub");
        Certify(host, "-h");
        var settings = Settings(key, host) with { AgentSocket = null };

        await AssertOffersAsync(settings, key, host);
        await AssertOffersAsync(settings with { CertificateFiles = [key + "-cert.pub", key + ".pub", key + "-none"] }, key, host);
        var lines = _error.ToString().TrimEnd().Split('\n');
        Assert.Equal($"actortunnel: certificate {key}-cert.pub does not belong to {key}; going on without it", lines[0]);
        Assert.StartsWith($"actortunnel: cannot use the certificate {host}-cert.pub: It is not the certificate of a user", lines[1]);
        Assert.StartsWith($"actortunnel: cannot use the certificate {key}.pub: It is not the certificate of a user", lines[2]);
        Assert.StartsWith($"actortunnel: cannot use the certificate {key}-none: ", lines[3]);
        Assert.StartsWith($"actortunnel: certificate {key}-cert.pub has no private key: ", lines[4]);
        Assert.Equal(5, lines.Length);
    }

    [RealPartsFact]
    public async Task An_agent_that_is_not_there_is_named_and_the_files_still_serve()
    {
        var key = Create("key");
        foreach (var path in (string[])[Path.Combine(_folder, "nobody"), new string('x', 200)])
        {
            _error.GetStringBuilder().Clear();
            await AssertOffersAsync(Settings(key) with { AgentSocket = path }, key);
            Assert.StartsWith($"actortunnel: the SSH agent at {path} cannot be reached: ", _error.ToString());
        }
    }

    [RealPartsFact]
    public async Task With_v_the_keys_are_listed_and_too_many_are_warned_of()
    {
        var keys = Enumerable.Range(0, 7).Select(i => Create($"key{i}")).ToArray();
        await LoadAsync(Settings(keys), verbosity: 1);
        var lines = _error.ToString().TrimEnd().Split('\n');
        Assert.Equal(8, lines.Length);
        Assert.Matches($@"^actortunnel: will offer h ecdsa-sha2-nistp256 SHA256:\S+ \({keys[0]}\)$", lines[0]);
        Assert.Equal("actortunnel: 7 keys may be more than the server allows (6 by default); see IdentitiesOnly", lines[7]);
    }

    private string Create(string name, string passphrase = "") => TestKeys.Create(_folder, name, passphrase);

    /// <summary>The same key under another name and without a passphrase, for ssh-add.</summary>
    private string Copy(string path, string name, string passphrase)
    {
        var copy = Path.Combine(_folder, name);
        File.Copy(path, copy);
        TestKeys.Run("-q", "-p", "-P", passphrase, "-N", "", "-f", copy);
        return copy;
    }

    private void Certify(string key, params string[] options)
    {
        if (!File.Exists(Path.Combine(_folder, "ca")))
            Create("ca");
        TestKeys.Run(["-q", "-s", Path.Combine(_folder, "ca"), "-I", "test", .. options, key + ".pub"]);
    }

    private IdentitySettings Settings(params string[] files) =>
        new() { Host = "h", Files = files, FilesAreGiven = true, AgentSocket = _agent.Socket };

    /// <summary>What is offered are the keys in the <c>.pub</c> files of <paramref name="expected"/>, and all of them can sign.</summary>
    private async Task AssertOffersAsync(IdentitySettings settings, params string[] expected)
    {
        var credentials = await LoadAsync(settings);
        Assert.Equal(
            expected.Select(path => PublicKey.ParseLine(File.ReadAllText(path + ".pub")).ToLine()),
            credentials.Select(credential => credential.PublicKey.ToLine()));
        for (var i = 0; i < expected.Length; i++)
            await SignAsync(credentials[i], expected[i]);
    }

    private static async Task SignAsync(PublicKeyCredential credential, string path)
    {
        var expected = PublicKey.ParseLine(await File.ReadAllTextAsync(path + ".pub"));
        var plain = expected is Certificate certificate ? certificate.Key : expected;
        var signature = await credential.Sign(plain.Type, "data"u8.ToArray(), default);
        Assert.True(plain.Verify(plain.Type, "data"u8, signature));
    }

    private async Task<List<PublicKeyCredential>> LoadAsync(IdentitySettings settings, int verbosity = 0)
    {
        var output = new CommandOutput(TextWriter.Null, _error) { Verbosity = verbosity };
        var credentials = await new Identities(new KeyOpener(null, _secrets), output, TimeProvider.System).LoadAsync(settings, default);
        return [.. credentials.Cast<PublicKeyCredential>()];
    }
}
