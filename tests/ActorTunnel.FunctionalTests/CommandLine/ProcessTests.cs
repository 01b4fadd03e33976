using System.Runtime.Versioning;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.FunctionalTests.CommandLine;

/// <summary>The built program as a process of its own, without a terminal.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ProcessTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("actortunnel-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    public async Task Without_a_command_it_says_what_it_is(string arguments)
    {
        var (code, output, error) = await RunAsync(arguments);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("actortunnel forward -L ftp/2121:ftp.internal:21 alice@ssh.example.com", output);
    }

    [Theory]
    [InlineData("forward --help")]
    [InlineData("forward -h")]
    [InlineData("help forward")]
    [InlineData("forward -L 1:h:1 host -h")]
    public async Task The_help_of_forward_fits_a_terminal_and_has_examples_and_exit_codes(string arguments)
    {
        var (code, output, error) = await RunAsync(arguments);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("curl ", output);
        Assert.Contains("lftp ", output);
        Assert.Contains("Exit codes:", output);
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("forward -V")]
    public async Task It_knows_its_version(string arguments)
    {
        var (code, output, _) = await RunAsync(arguments);

        Assert.Equal(0, code);
        Assert.Matches(@"^actortunnel \d+\.\d+\.\d+", output);
    }

    [Theory]
    [InlineData("forwad", "unknown command 'forwad'; the nearest is forward")]
    [InlineData("-L 2121:h:21 host", "the command is missing; write actortunnel forward -L ...")]
    [InlineData("forward -L 2121:h:21 host --pasword-file x", "unknown option --pasword-file; the nearest is --password-file")]
    [InlineData("forward -L 2121:h:21", "the SSH server is missing; write forward -L ftp/2121:ftp-host:21 user@ssh-server")]
    public async Task A_usage_error_is_one_line_and_exit_code_2(string arguments, string message)
    {
        var (code, output, error) = await RunAsync(arguments);

        Assert.Equal((2, "", $"actortunnel: {message}\n"), (code, output, error));
    }

    [Fact]
    public async Task With_nothing_to_log_in_with_it_says_so_before_it_connects()
    {
        var (code, output, error) = await RunAsync("forward -v -L 0:h:21 alice@host.invalid");

        Assert.Equal((Failure.Credential.ExitCode(), ""), (code, output));
        Assert.Equal(
            "actortunnel: nothing to log in to host.invalid with: there is no usable key and no terminal to ask for a password;"
            + " give -i FILE or --password-file FILE, or add a key to the SSH agent\n",
            error);
    }

    [Fact]
    public async Task A_missing_identity_file_is_named()
    {
        var (code, _, error) = await RunAsync("forward -i no-such-key -L 0:h:21 alice@host.invalid");

        Assert.Equal(Failure.Credential.ExitCode(), code);
        Assert.StartsWith("actortunnel: identity file no-such-key does not exist; going on without it\n", error);
    }

    [Fact]
    public async Task The_default_identities_are_in_the_home_directory()
    {
        var key = Path.Combine(Directory.CreateDirectory(Path.Combine(_home, ".ssh")).FullName, "id_ecdsa");
        File.WriteAllText(key, "no key");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var (code, _, error) = await RunAsync("forward -L 0:h:21 alice@host.invalid");

        Assert.Equal(Failure.Credential.ExitCode(), code);
        Assert.StartsWith($"actortunnel: private key {key} is open to others (mode 0640) and is ignored; run: chmod 600 {key}\n", error);
    }

    [Fact]
    public async Task Ctrl_C_at_a_question_ends_the_program_and_gives_the_echo_back()
    {
        using var pty = new PseudoTerminal();
        var key = TestKeys.Create(_home, "key", "passphrase");
        File.Delete(key + ".pub");

        var running = CliProcess.RunAsync(_home, pty.Path, ["forward", "-i", key, "-L", "0:h:21", "alice@host.invalid"]);
        await pty.ReadUntilAsync($"Enter passphrase for key '{key}': ");
        pty.Type("\u0003");

        Assert.Equal((Failure.Shutdown.ExitCode(), "", ""), await running);
        pty.Type("visible\n");
        Assert.Contains("visible", await pty.ReadUntilAsync("visible"));
    }

    private Task<(int Code, string Output, string Error)> RunAsync(string arguments) =>
        CliProcess.RunAsync(_home, terminal: null, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
