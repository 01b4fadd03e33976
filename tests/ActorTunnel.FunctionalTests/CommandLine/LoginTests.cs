using System.Text;
using ActorTunnel.Cli.Authentication;
using ActorTunnel.Ssh.Authentication;

namespace ActorTunnel.FunctionalTests.CommandLine;

public sealed class LoginTests
{
    private static readonly InteractiveRequest _passwordRequest = new("", "", [new("Password: ", Echo: false)]);

    [Fact]
    public async Task A_person_is_asked_three_times_for_a_password()
    {
        var terminal = new FakeTerminal("one", "two", "three", "four");
        using var secrets = new RememberedSecrets();
        var login = new PasswordLogin("alice@host", terminal, secrets);

        Assert.Equal(["one", "two", "three", null], await Attempts(login, 4));
        Assert.Equal(Enumerable.Repeat("alice@host's password: (hidden)", 3), terminal.Questions);
        Assert.Equal(Enumerable.Repeat("Permission denied, please try again.", 2), terminal.Said);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_person_is_asked_as_often_as_NumberOfPasswordPrompts_says(int prompts)
    {
        using var secrets = new RememberedSecrets();
        var password = new FakeTerminal("one", "two");
        var question = new FakeTerminal("one", "two");
        var login = new PasswordLogin("alice@host", password, secrets) { MaxTries = prompts };
        var interactive = new InteractiveLogin("alice@host", question, secrets) { MaxTries = prompts };

        await Attempts(login, 2);
        for (var attempt = 0; attempt < 2; attempt++)
            await interactive.AnswerAsync(_passwordRequest, attempt, default);

        Assert.Equal((prompts, prompts), (password.Questions.Count, question.Questions.Count));
    }

    [Fact]
    public async Task After_a_login_the_password_is_remembered_for_the_next_one()
    {
        var terminal = new FakeTerminal("wrong", "right");
        using var secrets = new RememberedSecrets();
        var login = new PasswordLogin("alice@host", terminal, secrets);

        Assert.Equal(["wrong", "right"], await Attempts(login, 2));
        secrets.LoginSucceeded();

        Assert.Equal(["right"], await Attempts(login, 1));
        Assert.Equal(2, terminal.Questions.Count);
    }

    [Fact]
    public async Task A_password_that_never_let_anybody_in_is_not_tried_again()
    {
        var terminal = new FakeTerminal("wrong", "other");
        using var secrets = new RememberedSecrets();
        var login = new PasswordLogin("alice@host", terminal, secrets);

        Assert.Equal(["wrong"], await Attempts(login, 1));
        Assert.Equal(["other"], await Attempts(login, 1));
    }

    [Fact]
    public async Task A_remembered_password_that_is_refused_is_forgotten()
    {
        var terminal = new FakeTerminal("old", "new");
        using var secrets = new RememberedSecrets();
        var login = new PasswordLogin("alice@host", terminal, secrets);
        await Attempts(login, 1);
        secrets.LoginSucceeded();

        Assert.Equal(["old", "new"], await Attempts(login, 2));
        Assert.Null(secrets.Recall("alice@host's password: "));
    }

    [Fact]
    public async Task Interactive_prompts_are_asked_one_by_one_with_the_account_in_front()
    {
        var terminal = new FakeTerminal("secret", "123456");
        using var secrets = new RememberedSecrets();
        var request = new InteractiveRequest("Two\u001b factors", "Look at your\nphone", [new("Password: ", false), new("Code: ", true)]);

        var answers = await new InteractiveLogin("alice@host", terminal, secrets).AnswerAsync(request, 0, default);

        Assert.Equal(["secret", "123456"], answers!.Select(Encoding.UTF8.GetString));
        Assert.Equal(["(alice@host) Password: (hidden)", "(alice@host) Code: "], terminal.Questions);
        Assert.Equal(["Two? factors", "Look at your\nphone"], terminal.Said);
    }

    [Fact]
    public async Task After_a_login_interactive_answers_are_remembered_unless_a_prompt_is_new()
    {
        var terminal = new FakeTerminal("secret", "again", "123456");
        using var secrets = new RememberedSecrets();
        var login = new InteractiveLogin("alice@host", terminal, secrets);
        await login.AnswerAsync(_passwordRequest, 0, default);
        secrets.LoginSucceeded();

        Assert.Equal(["secret"], (await login.AnswerAsync(_passwordRequest, 0, default))!.Select(Encoding.UTF8.GetString));
        var request = new InteractiveRequest("", "", [new("Password: ", false), new("Code: ", true)]);
        Assert.Equal(["again", "123456"], (await login.AnswerAsync(request, 0, default))!.Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public async Task A_terminal_that_goes_away_stops_the_login()
    {
        using var secrets = new RememberedSecrets();
        var request = new InteractiveRequest("", "", [new("A: ", false), new("B: ", false)]);

        Assert.Null(await new InteractiveLogin("a@h", new FakeTerminal("one"), secrets).AnswerAsync(request, 0, default));
        Assert.Null(await new PasswordLogin("a@h", new FakeTerminal(), secrets).AskAsync(0, default));
    }

    [Fact]
    public void Remembered_secrets_are_bounded_and_each_copy_is_its_own()
    {
        using var secrets = new RememberedSecrets();
        for (var i = 0; i <= RememberedSecrets.MaxSecrets; i++)
            secrets.Remember($"question {i}", "answer"u8, proven: true);

        Assert.Null(secrets.Recall($"question {RememberedSecrets.MaxSecrets}"));
        secrets.Recall("question 0")!.AsSpan().Clear();
        Assert.Equal("answer"u8.ToArray(), secrets.Recall("question 0"));
        secrets.Dispose();
        Assert.Null(secrets.Recall("question 0"));
    }

    private static async Task<List<string?>> Attempts(PasswordLogin login, int count)
    {
        var answers = new List<string?>();
        for (var attempt = 0; attempt < count; attempt++)
            answers.Add(await login.AskAsync(attempt, default) is { } answer ? Encoding.UTF8.GetString(answer) : null);
        return answers;
    }
}
