namespace ActorTunnel.Actors;

/// <summary>Answers with a general meaning.</summary>
public abstract class Status
{
    private Status()
    {
    }

    /// <summary>What was asked for has failed. <c>Ask</c> throws the cause; <c>PipeTo</c> sends it when the task fails.</summary>
    public sealed class Failure(Exception cause) : Status
    {
        /// <summary>Why.</summary>
        public Exception Cause { get; } = cause;

        /// <inheritdoc/>
        public override string ToString() => $"Failure: {Cause}";
    }
}
