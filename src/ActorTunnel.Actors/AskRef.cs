namespace ActorTunnel.Actors;

/// <summary>The sender of a question: its first message completes a task.</summary>
internal sealed class AskRef<T>(ActorSystem system, ICanTell asked) : ActorRefBase
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ActorPath Path { get; } = system.NextTemporaryPath();

    public Task<T> Task => _answer.Task;

    internal override ActorSystem System => system;

    /// <summary>Ends the wait by time or token, whichever is first. Both are let go when the answer is there.</summary>
    public void GiveUp(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            var registration = cancellationToken.UnsafeRegister(
                static (state, token) => ((AskRef<T>)state!)._answer.TrySetCanceled(token), this);
            OnAnswer(registration);
        }

        if (timeout is { } time && time != Timeout.InfiniteTimeSpan)
            OnAnswer(TimeProvider.System.CreateTimer(static state => ((AskRef<T>)state!).TimeOut(), this, time, Timeout.InfiniteTimeSpan));
    }

    private protected override void Deliver(object message, IActorRef? sender)
    {
        var handled = false;
        switch (message)
        {
            case T answer:
                handled = _answer.TrySetResult(answer);
                break;
            case Status.Failure failure:
                handled = _answer.TrySetException(failure.Cause);
                break;
            default:
                _answer.TrySetException(WrongType(message));
                break;
        }

        // Nobody misses the answer to a question that was cancelled.
        if (!handled && !_answer.Task.IsCanceled)
            system.PublishDeadLetter(message, sender, this);
    }

    private static ArgumentException WrongType(object message) =>
        new($"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]");

    private void TimeOut() => _answer.TrySetException(new AskTimeoutException($"{asked} did not answer in time"));

    private void OnAnswer(IDisposable disposable) => _answer.Task.ContinueWith(
        static (_, state) => ((IDisposable)state!).Dispose(),
        disposable,
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
