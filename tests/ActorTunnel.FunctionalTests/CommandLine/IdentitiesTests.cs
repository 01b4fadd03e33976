using System.Runtime.Versioning;
using ActorTunnel.Cli.Authentication;
using ActorTunnel.Cli.Output;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.FunctionalTests.CommandLine;

[UnsupportedOSPlatform("windows")]
public sealed class IdentitiesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("actortunnel-").FullName;
    private readonly StringWriter _error = new() { NewLine = "\n" };
    private readonly RememberedSecrets _secrets = new();

    public void Dispose()
    {
        _secrets.Dispose();
        _error.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_plain_key_is_offered_and_opened_without_a_question()
    {
        var path = TestKeys.Create(_folder, "key", "");
        var terminal = new FakeTerminal();

        await SignAsync(Assert.Single(await LoadAsync(terminal, path)), path);

        Assert.Empty(terminal.Questions);
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task A_passphrase_is_asked_for_when_the_key_is_opened_and_never_again()
    {
        var path = TestKeys.Create(_folder, "key", "right");
        var terminal = new FakeTerminal("wrong", "right");

        var credential = Assert.Single(await LoadAsync(terminal, path));
        Assert.Empty(terminal.Questions);

        await SignAsync(credential, path);
        await SignAsync(credential, path);
        Assert.Equal(Enumerable.Repeat($"Enter passphrase for key '{path}': (hidden)", 2), terminal.Questions);
        Assert.Equal(["Wrong passphrase, please try again."], terminal.Said);
    }

    [Fact]
    public async Task Without_its_public_half_beside_it_an_encrypted_key_is_opened_at_once()
    {
        var path = TestKeys.Create(_folder, "key", "right");
        File.Delete(path + ".pub");
        var terminal = new FakeTerminal("right");

        var credential = Assert.Single(await LoadAsync(terminal, path));
        Assert.Single(terminal.Questions);
        await Assert.IsType<PublicKeyCredential>(credential).Sign("ecdsa-sha2-nistp256", "data"u8.ToArray(), default);
        Assert.Single(terminal.Questions);
    }

    [Fact]
    public async Task OpenSSHs_own_format_shows_its_public_half_and_is_opened_when_needed()
    {
        var path = Path.Combine(_folder, "key");
        TestKeys.Run("-q", "-t", "ecdsa", "-a", "1", "-N", "right", "-f", path);
        File.Move(path + ".pub", path + "-elsewhere.pub");
        var terminal = new FakeTerminal("wrong", "right");

        var credential = Assert.Single(await LoadAsync(terminal, path));
        Assert.Empty(terminal.Questions);
        await SignAsync(credential, path + "-elsewhere");
        Assert.Equal(2, terminal.Questions.Count);
    }

    [Fact]
    public async Task A_passphrase_that_was_changed_meanwhile_is_asked_for_anew()
    {
        var path = TestKeys.Create(_folder, "key", "first");
        var terminal = new FakeTerminal("first", "second");
        var credential = Assert.Single(await LoadAsync(terminal, path));
        await SignAsync(credential, path);

        TestKeys.Run("-q", "-p", "-P", "first", "-N", "second", "-f", path);
        await SignAsync(credential, path);
        await SignAsync(credential, path);
        Assert.Equal(2, terminal.Questions.Count);
    }

    [Fact]
    public async Task Nobody_is_asked_for_the_passphrase_of_a_key_that_cannot_be_used_with_any()
    {
        var path = Path.Combine(_folder, "key");
        await File.WriteAllTextAsync(
            path,
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,9D02B95429E75BD1\n\nAAAA\n"
            + "-----END RSA PRIVATE KEY-----\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        var terminal = new FakeTerminal("right");

        Assert.Empty(await LoadAsync(terminal, path));
        Assert.Empty(terminal.Questions);
        Assert.Contains("its encryption is not supported here; convert it with: ssh-keygen", _error.ToString());
    }

    [Fact]
    public async Task Three_wrong_passphrases_are_enough()
    {
        var path = TestKeys.Create(_folder, "key", "right");
        var terminal = new FakeTerminal("1", "2", "3", "right");
        var credential = Assert.Single(await LoadAsync(terminal, path));

        var exception = await Assert.ThrowsAsync<SshException>(async () => await SignAsync(credential, path));
        Assert.Equal(SshFailure.CredentialUnusable, exception.Failure);
        Assert.Equal(3, terminal.Questions.Count);
    }

    [Fact]
    public async Task An_empty_passphrase_gives_the_key_up()
    {
        var path = TestKeys.Create(_folder, "key", "right");
        var credential = Assert.Single(await LoadAsync(new FakeTerminal("", "right"), path));

        var exception = await Assert.ThrowsAsync<SshException>(async () => await SignAsync(credential, path));
        Assert.Equal($"no passphrase was given for {path}", exception.Message);
    }

    [Fact]
    public async Task Without_a_terminal_an_encrypted_key_is_left_out()
    {
        var path = TestKeys.Create(_folder, "key", "right");

        Assert.Empty(await LoadAsync(null, path));
        Assert.Equal(
            $"actortunnel: private key {path} needs a passphrase and there is no terminal to ask for it; going on without it\n",
            _error.ToString());
    }

    [Fact]
    public async Task A_key_that_is_open_to_others_is_ignored()
    {
        var path = TestKeys.Create(_folder, "key", "");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Assert.Empty(await LoadAsync(null, path));
        Assert.Equal(
            $"actortunnel: private key {path} is open to others (mode 0404) and is ignored; run: chmod 600 {path}\n", _error.ToString());
    }

    [Fact]
    public async Task A_key_that_is_not_the_one_in_its_public_file_is_not_used()
    {
        var path = TestKeys.Create(_folder, "key", "right");
        File.Copy(TestKeys.Create(_folder, "other", "") + ".pub", path + ".pub", overwrite: true);
        var credential = Assert.Single(await LoadAsync(new FakeTerminal("right"), path));

        var exception = await Assert.ThrowsAsync<SshException>(async () => await SignAsync(credential, path));
        Assert.StartsWith($"{path} does not belong to {path}.pub", exception.Message);
    }

    [Fact]
    public async Task What_cannot_be_used_is_named_and_the_others_still_serve()
    {
        var broken = Path.Combine(_folder, "broken");
        await File.WriteAllTextAsync(broken, "no key");
        File.SetUnixFileMode(broken, UnixFileMode.UserRead);
        var good = TestKeys.Create(_folder, "good", "");

        Assert.Single(await LoadAsync(null, Path.Combine(_folder, "missing"), _folder, broken, good, good));
        var lines = _error.ToString().TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal($"actortunnel: identity file {_folder}/missing does not exist; going on without it", lines[0]);
        Assert.StartsWith($"actortunnel: cannot read the private key {_folder}", lines[1]);
        Assert.Contains(broken, lines[2]);
    }

    [Fact]
    public void The_owner_of_a_file_is_known()
    {
        using var ours = File.OpenHandle(TestKeys.Create(_folder, "key", ""));
        using var roots = File.OpenHandle("/etc/passwd");

        Assert.True(FileOwner.IsThisUser(ours));
        Assert.Equal(Environment.UserName == "root", FileOwner.IsThisUser(roots));
    }

    /// <summary>Signs, and checks the signature with the key in the <c>.pub</c> beside <paramref name="path"/>.</summary>
    private static async Task SignAsync(SshCredential credential, string path)
    {
        var offered = Assert.IsType<PublicKeyCredential>(credential);
        var signature = await offered.Sign(offered.PublicKey.Type, "data"u8.ToArray(), default);
        var expected = PublicKey.ParseLine(await File.ReadAllTextAsync(path + ".pub"));
        Assert.True(expected.Verify(expected.Type, "data"u8, signature));
    }

    private Task<IReadOnlyList<SshCredential>> LoadAsync(FakeTerminal? terminal, params string[] files) =>
        LoadAsync(terminal, new IdentitySettings { Host = "h", Files = files, FilesAreGiven = true });

    private Task<IReadOnlyList<SshCredential>> LoadAsync(FakeTerminal? terminal, IdentitySettings settings) =>
        new Identities(new KeyOpener(terminal, _secrets), new CommandOutput(TextWriter.Null, _error), TimeProvider.System)
            .LoadAsync(settings, default);
}
