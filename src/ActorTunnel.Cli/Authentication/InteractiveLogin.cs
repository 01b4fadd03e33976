using System.Security.Cryptography;
using ActorTunnel.Cli.Output;
using ActorTunnel.Cli.SshConfig;
using ActorTunnel.Cli.Terminals;
using ActorTunnel.Ssh.Authentication;

namespace ActorTunnel.Cli.Authentication;

/// <summary>Answers keyboard-interactive requests (RFC 4256, section 3) from memory, or a person.</summary>
internal sealed class InteractiveLogin(string account, ITerminal terminal, RememberedSecrets secrets)
{
    /// <summary>How often a person is asked in one login.</summary>
    public int MaxTries { get; init; } = SshSettings.DefaultPasswordPrompts;

    /// <summary>The answers to a request in the n-th attempt of a login, from 0; null to stop.</summary>
    public async ValueTask<byte[][]?> AnswerAsync(InteractiveRequest request, int attempt, CancellationToken cancellationToken)
    {
        // A request without prompts is for showing only, and is answered with nothing (RFC 4256, section 3.4).
        if (request.Prompts.Count == 0)
        {
            Introduce(request);
            return [];
        }

        if (attempt == 0 && RecallAll(request) is { } known)
            return known;

        foreach (var prompt in request.Prompts)
            secrets.Forget(Question(prompt));
        return attempt >= MaxTries ? null : await AskAsync(request, cancellationToken);
    }

    private async ValueTask<byte[][]?> AskAsync(InteractiveRequest request, CancellationToken cancellationToken)
    {
        Introduce(request);
        var answers = new List<byte[]>();
        foreach (var prompt in request.Prompts)
        {
            var answer = await terminal.AskAsync(Question(prompt), prompt.Echo, cancellationToken);
            if (answer is null)
            {
                answers.ForEach(given => CryptographicOperations.ZeroMemory(given));
                return null;
            }

            secrets.Remember(Question(prompt), answer, proven: false);
            answers.Add(answer);
        }

        return [.. answers];
    }

    private byte[][]? RecallAll(InteractiveRequest request)
    {
        var answers = request.Prompts.Select(prompt => secrets.Recall(Question(prompt))).OfType<byte[]>().ToArray();
        if (answers.Length == request.Prompts.Count)
            return answers;

        Array.ForEach(answers, answer => CryptographicOperations.ZeroMemory(answer));
        return null;
    }

    private void Introduce(InteractiveRequest request)
    {
        foreach (var text in new[] { request.Name, request.Instruction })
        {
            if (text.Length > 0)
                terminal.Say(PrintableText.Lines(text));
        }
    }

    // The account stands in front, as in ssh: a server must not be able to ask in the name of another.
    private string Question(InteractivePrompt prompt) => $"({PrintableText.OneLine(account)}) {PrintableText.OneLine(prompt.Text)}";
}
