namespace ActorTunnel.Cli.Terminals;

/// <summary>The person at the keyboard. Questions come one at a time, whoever asks them.</summary>
internal interface ITerminal
{
    /// <summary>Shows lines that are no question.</summary>
    void Say(string text);

    /// <summary>Asks and waits for a line.</summary>
    /// <param name="prompt">Shown as it is, without a line break.</param>
    /// <param name="echo">Whether the answer may be seen while it is typed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The line as UTF-8 without its end, for the caller to zero; null when the terminal is gone or its input ended.</returns>
    ValueTask<byte[]?> AskAsync(string prompt, bool echo, CancellationToken cancellationToken);
}
