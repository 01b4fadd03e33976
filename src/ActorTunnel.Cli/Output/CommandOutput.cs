namespace ActorTunnel.Cli.Output;

/// <summary>Where a command writes: results to <paramref name="result"/>, what is said to a person to <paramref name="error"/>.</summary>
internal sealed class CommandOutput(TextWriter result, TextWriter error)
{
    /// <summary>Standard output.</summary>
    public TextWriter Result { get; } = result;

    /// <summary>Standard error.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>How often <c>-v</c> was given; with the first, an unexpected error shows its stack trace.</summary>
    public int Verbosity { get; set; }

    /// <summary>Writes one line <c>actortunnel: message</c> to standard error.</summary>
    public void Report(string message) => Error.WriteLine($"actortunnel: {PrintableText.OneLine(message)}");
}
