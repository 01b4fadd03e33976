using ActorTunnel.Cli.Terminals;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.FunctionalTests.CommandLine;

public sealed class HostKeyPromptTests
{
    // A throwaway key; its fingerprint was printed by ssh-keygen -l.
    private const string Line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBQlkchVOmHAl1oUnLnN6wID7eg/L1osSiBcYi+nrl3P";
    private const string Fingerprint = "SHA256:X5PMYOtQtidWfFzprIGKCanWaqdcRxh1lRULQtnVWyQ";

    [Fact]
    public async Task The_question_is_the_one_that_people_know_from_ssh()
    {
        var terminal = new FakeTerminal("yes");

        Assert.True(await Ask(terminal, 2222));
        Assert.Equal(
            ["The authenticity of host '[ssh.example.com]:2222' can't be established.", $"ED25519 key fingerprint is {Fingerprint}."],
            terminal.Said);
        Assert.Equal(["Are you sure you want to continue connecting (yes/no/[fingerprint])? "], terminal.Questions);
    }

    [Fact]
    public async Task The_fingerprint_is_a_yes() => Assert.True(await Ask(new FakeTerminal($" {Fingerprint} "), 22));

    [Fact]
    public async Task Only_a_clear_answer_counts()
    {
        var terminal = new FakeTerminal("y", "", "SHA256:other", "NO");

        Assert.False(await Ask(terminal, 22));
        Assert.Equal(4, terminal.Questions.Count);
        Assert.All(terminal.Questions.Skip(1), question => Assert.Equal("Please type 'yes', 'no' or the fingerprint: ", question));
    }

    [Fact]
    public async Task No_answer_is_a_no() => Assert.False(await Ask(new FakeTerminal(), 22));

    private static ValueTask<bool> Ask(FakeTerminal terminal, int port) =>
        new HostKeyPrompt(terminal).AskAsync(new HostKeyQuestion("ssh.example.com", port, PublicKey.ParseLine(Line)), default);
}
