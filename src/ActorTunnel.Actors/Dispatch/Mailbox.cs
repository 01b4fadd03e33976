namespace ActorTunnel.Actors.Dispatch;

/// <summary>
/// Runs an actor: one message at a time, on the thread pool, system messages before each message. It is the base of the cell and not
/// a part of it, so that an idle actor costs one object less.
/// </summary>
internal abstract class Mailbox : IThreadPoolWorkItem
{
    /// <summary>Messages handled in one go before the thread goes to the next actor.</summary>
    internal const int Throughput = 30;

    [ThreadStatic]
    private static Mailbox? t_running;

    private MessageQueue<Envelope> _messages;
    private MessageQueue<SystemMessage> _systemMessages;

    // 1 from the moment the mailbox is queued to the thread pool until its slice has ended.
    private int _scheduled;

    // Written by the running slice only.
    private volatile int _suspensions;

    /// <summary>The mailbox whose slice is running on this thread.</summary>
    internal static Mailbox? Running => t_running;

    /// <summary>How many suspensions have not been taken back; above 0 only system messages are handled.</summary>
    internal int Suspensions
    {
        get => _suspensions;
        private protected set => _suspensions = value;
    }

    /// <summary>Any thread. False when the actor has terminated.</summary>
    internal bool TryPost(Envelope envelope)
    {
        if (!_messages.TryEnqueue(envelope))
            return false;
        if (_suspensions == 0)
            Schedule();
        return true;
    }

    /// <summary>Any thread. False when the actor has terminated.</summary>
    internal bool TryPost(SystemMessage message)
    {
        if (!_systemMessages.TryEnqueue(message))
            return false;
        Schedule();
        return true;
    }

    void IThreadPoolWorkItem.Execute()
    {
        t_running = this;
        HandleSystemMessages();
        for (var left = Throughput; left > 0 && _suspensions == 0 && _messages.TryDequeue(out var envelope); left--)
        {
            Handle(envelope);
            HandleSystemMessages();
        }

        t_running = null;

        // The full fence of the exchange stands between giving the mailbox back and the last look: whoever enqueues after that look
        // finds it given back and schedules it. Another thread may already run it then; at worst it is scheduled once for nothing.
        Interlocked.Exchange(ref _scheduled, 0);
        if (!_systemMessages.IsEmpty || (_suspensions == 0 && !_messages.IsEmpty))
            Schedule();
    }

    private protected abstract void Handle(Envelope envelope);

    private protected abstract void Handle(SystemMessage message);

    /// <summary>Whether a message has to wait, in which case the mailbox leaves it to <see cref="Keep"/>.</summary>
    private protected abstract bool MustWait(SystemMessage message);

    private protected abstract void Keep(SystemMessage message);

    /// <summary>The first kept message that need not wait any more.</summary>
    private protected abstract SystemMessage? TakeKept();

    /// <summary>From within the slice: takes no more messages and hands out those that are left.</summary>
    private protected IEnumerable<Envelope> CloseMessages()
    {
        _messages.Close();
        while (_messages.TryDequeue(out var envelope))
            yield return envelope;
    }

    /// <summary>From within the slice: takes no more system messages. Those that are left are still handled.</summary>
    private protected void CloseSystemMessages() => _systemMessages.Close();

    private void HandleSystemMessages()
    {
        while (TakeKept() is { } message || _systemMessages.TryDequeue(out message))
        {
            if (MustWait(message))
                Keep(message);
            else
                Handle(message);
        }
    }

    private void Schedule()
    {
        // Not to the local queue of the thread: it is last-in first-out, and two chatty actors could keep it to themselves.
        if (Volatile.Read(ref _scheduled) == 0 && Interlocked.CompareExchange(ref _scheduled, 1, 0) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
