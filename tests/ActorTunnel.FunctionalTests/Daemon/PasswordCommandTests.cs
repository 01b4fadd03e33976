using System.Text;
using ActorTunnel.Cli.Authentication;
using ActorTunnel.FunctionalTests.Fixtures;
using ActorTunnel.Ssh;

namespace ActorTunnel.FunctionalTests.Daemon;

public sealed class PasswordCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("printf 'secret\\nsecond\\n'", "secret")]
    [InlineData("printf 'secret\\r\\n'", "secret")]
    [InlineData("printf secret", "secret")]
    [InlineData("printf 'se'; sleep 0.2; printf 'cret\\n'; seq 100000", "secret")]
    [InlineData("cat; printf secret", "secret")]
    public async Task The_first_line_that_it_prints_is_the_password(string script, string password) =>
        Assert.Equal(password, await RunAsync("sh", "-c", script));

    [Fact]
    public async Task Arguments_meet_no_shell() => Assert.Equal("$HOME; `id` *", await RunAsync("printf", "%s", "$HOME; `id` *"));

    [Theory]
    [InlineData("exit 3", "ended with exit code 3")]
    [InlineData("printf secret; exit 1", "ended with exit code 1")]
    [InlineData("true", "must print a password of 1 to 1024 bytes in its first line")]
    [InlineData("head -c 1025 /dev/zero | tr '\\0' x", "must print a password of 1 to 1024 bytes in its first line")]
    [InlineData("echo hidden >&2; exit 4", "ended with exit code 4")]
    public async Task A_command_that_fails_is_one_line_without_what_it_said(string script, string message)
    {
        var exception = await Assert.ThrowsAsync<SshException>(() => RunAsync("sh", "-c", script));

        Assert.Equal(SshFailure.CredentialUnusable, exception.Failure);
        Assert.Equal($"the password command sh {message}", exception.Message);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_one_line()
    {
        var exception = await Assert.ThrowsAsync<SshException>(() => RunAsync(_folder.PathOf("none")));

        Assert.Contains("cannot be started: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_gets_no_secrets_of_ours_and_cannot_speak_to_systemd_in_our_name()
    {
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", "/run/x");
        try
        {
            Assert.Equal("none", await RunAsync("sh", "-c", "echo ${NOTIFY_SOCKET-none}"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("NOTIFY_SOCKET", null);
        }
    }

    [Fact]
    public async Task One_that_is_given_up_is_killed_with_its_children()
    {
        var file = _folder.PathOf("pid");
        using var stop = new CancellationTokenSource();
        var script = $"sleep 600 & echo $! > {file}.new; mv {file}.new {file}; wait";
        var command = new PasswordCommand(["sh", "-c", script], TimeProvider.System);

        var running = command.RunAsync(stop.Token).AsTask();
        await Eventually.IsTrueAsync(() => File.Exists(file), "the command runs");
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        var child = (await File.ReadAllTextAsync(file)).Trim();
        await Eventually.IsTrueAsync(() => !IsAlive(child), "the child is gone");
    }

    private static bool IsAlive(string process) =>
        File.Exists($"/proc/{process}/stat") && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);

    private static async Task<string> RunAsync(params string[] command) =>
        Encoding.UTF8.GetString(await new PasswordCommand(command, TimeProvider.System).RunAsync(default));
}
