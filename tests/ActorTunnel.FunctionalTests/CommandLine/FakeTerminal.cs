using System.Text;
using ActorTunnel.Cli.Terminals;

namespace ActorTunnel.FunctionalTests.CommandLine;

/// <summary>A person with prepared answers. When these run out the terminal is gone.</summary>
internal sealed class FakeTerminal(params string[] answers) : ITerminal
{
    private readonly Queue<string> _answers = new(answers);

    public List<string> Said { get; } = [];

    /// <summary>The questions asked; those with a hidden answer end in <c>(hidden)</c>.</summary>
    public List<string> Questions { get; } = [];

    public void Say(string text) => Said.Add(text);

    public ValueTask<byte[]?> AskAsync(string prompt, bool echo, CancellationToken cancellationToken)
    {
        Questions.Add(echo ? prompt : prompt + "(hidden)");
        return ValueTask.FromResult(_answers.TryDequeue(out var answer) ? Encoding.UTF8.GetBytes(answer) : null);
    }
}
