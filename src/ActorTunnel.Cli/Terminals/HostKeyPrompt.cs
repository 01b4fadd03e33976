using System.Text;
using ActorTunnel.Cli.Output;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Cli.Terminals;

/// <summary>Asks whether an unknown host key is the right one, in the words that people know from ssh.</summary>
internal sealed class HostKeyPrompt(ITerminal terminal)
{
    /// <summary>True when the person says yes or types the fingerprint; an answer that is neither that nor no is asked for again.</summary>
    public async ValueTask<bool> AskAsync(HostKeyQuestion question, CancellationToken cancellationToken)
    {
        var fingerprint = question.Key.Fingerprint;
        var host = question.Port == 22 ? question.Host : $"[{question.Host}]:{question.Port}";
        terminal.Say($"The authenticity of host '{PrintableText.OneLine(host)}' can't be established.");
        terminal.Say($"{Name(question.Key.Type)} key fingerprint is {fingerprint}.");

        var prompt = "Are you sure you want to continue connecting (yes/no/[fingerprint])? ";
        while (await terminal.AskAsync(prompt, echo: true, cancellationToken) is { } bytes)
        {
            var answer = Encoding.UTF8.GetString(bytes).Trim();
            if (answer.Equals("yes", StringComparison.OrdinalIgnoreCase) || answer == fingerprint)
                return true;
            if (answer.Equals("no", StringComparison.OrdinalIgnoreCase))
                return false;
            prompt = "Please type 'yes', 'no' or the fingerprint: ";
        }

        return false;
    }

    // What ssh calls the key types in this question (sshkey_type).
    private static string Name(string keyType) => keyType switch
    {
        "ssh-ed25519" => "ED25519",
        "ssh-rsa" => "RSA",
        _ when keyType.StartsWith("ecdsa-", StringComparison.Ordinal) => "ECDSA",
        _ => keyType,
    };
}
