using System.Text;
using ActorTunnel.Cli.Terminals;

namespace ActorTunnel.FunctionalTests.CommandLine;

public sealed class TerminalTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_hidden_answer_is_never_shown_and_echo_comes_back()
    {
        using var pty = new PseudoTerminal();
        using var terminal = Terminal.TryOpen(pty.Path)!;

        var hidden = terminal.AskAsync("Password: ", echo: false, default).AsTask();
        await pty.ReadUntilAsync("Password: ");
        pty.Type("sécret\n");
        Assert.Equal("sécret", Encoding.UTF8.GetString((await hidden.WaitAsync(_limit))!));

        var shown = terminal.AskAsync("Sure? ", echo: true, default).AsTask();
        Assert.Equal("\r\nSure? ", await pty.ReadUntilAsync("Sure? "));
        pty.Type("yes\n");
        Assert.Equal("yes", Encoding.UTF8.GetString((await shown.WaitAsync(_limit))!));
        Assert.Equal("yes\r\n", await pty.ReadUntilAsync("\n"));
    }

    [Fact]
    public async Task A_cancelled_question_gives_the_echo_back()
    {
        using var pty = new PseudoTerminal();
        using var terminal = Terminal.TryOpen(pty.Path)!;
        using var cancellation = new CancellationTokenSource();

        var hidden = terminal.AskAsync("Password: ", echo: false, cancellation.Token).AsTask();
        await pty.ReadUntilAsync("Password: ");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hidden.WaitAsync(_limit));

        var shown = terminal.AskAsync("Sure? ", echo: true, default).AsTask();
        await pty.ReadUntilAsync("Sure? ");
        pty.Type("no\n");
        await shown.WaitAsync(_limit);
        Assert.Equal("no\r\n", await pty.ReadUntilAsync("\n"));
    }

    [Fact]
    public async Task Questions_wait_for_each_other()
    {
        using var pty = new PseudoTerminal();
        using var terminal = Terminal.TryOpen(pty.Path)!;

        var first = terminal.AskAsync("First: ", echo: false, default).AsTask();
        var second = terminal.AskAsync("Second: ", echo: false, default).AsTask();
        Assert.Equal("First: ", await pty.ReadUntilAsync("First: "));
        pty.Type("1\n");
        await pty.ReadUntilAsync("Second: ");
        pty.Type("2\n");

        Assert.Equal("1"u8.ToArray(), await first.WaitAsync(_limit));
        Assert.Equal("2"u8.ToArray(), await second.WaitAsync(_limit));
    }

    [Fact]
    public async Task End_of_input_is_no_answer()
    {
        using var pty = new PseudoTerminal();
        using var terminal = Terminal.TryOpen(pty.Path)!;

        var answer = terminal.AskAsync("Password: ", echo: false, default).AsTask();
        await pty.ReadUntilAsync("Password: ");
        pty.Type("\u0004");

        Assert.Null(await answer.WaitAsync(_limit));
    }

    [Fact]
    public async Task A_terminal_that_is_closed_gives_no_answer()
    {
        var pty = new PseudoTerminal();
        using var terminal = Terminal.TryOpen(pty.Path)!;
        var answer = terminal.AskAsync("Sure? ", echo: true, default).AsTask();
        await pty.ReadUntilAsync("Sure? ");
        pty.Dispose();

        Assert.Null(await answer.WaitAsync(_limit));
    }

    [Fact]
    public void Without_a_terminal_there_is_none() => Assert.Null(Terminal.TryOpen("/dev/no-such-terminal"));
}
