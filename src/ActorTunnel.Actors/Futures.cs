namespace ActorTunnel.Actors;

/// <summary>Questions whose answer is a task.</summary>
public static class Futures
{
    /// <summary>Sends a message and awaits one answer, for ever when no time is given.</summary>
    /// <exception cref="AskTimeoutException">No answer in time.</exception>
    /// <exception cref="ArgumentException">The answer is no <typeparamref name="T"/>.</exception>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    /// <summary>Sends a message and awaits one answer until <paramref name="cancellationToken"/> is cancelled.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    /// <summary>
    /// Sends a message and awaits one answer. The cause of a <see cref="Status.Failure"/> is thrown. An answer that comes too late is a
    /// dead letter.
    /// </summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (self is not ActorRefBase { System: { } system })
            throw new ArgumentException("Only an actor of a system can be asked.", nameof(self));

        var answer = new AskRef<T>(system, self);
        answer.GiveUp(timeout, cancellationToken);
        self.Tell(message, answer);
        return answer.Task;
    }
}
