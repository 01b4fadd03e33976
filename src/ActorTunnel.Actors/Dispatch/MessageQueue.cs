using System.Diagnostics.CodeAnalysis;

namespace ActorTunnel.Actors.Dispatch;

/// <summary>
/// A first-in first-out queue for many producers and one consumer. Producers push onto a stack; the consumer takes the whole stack
/// and turns it round, so the order of each producer is kept and an empty queue holds no memory. Once closed it takes nothing more.
/// </summary>
internal struct MessageQueue<TNode>
    where TNode : QueueNode
{
    private static readonly QueueNode s_closed = new ClosedMark();

    // Newest first; shared. Ends as s_closed.
    private QueueNode? _incoming;

    // Oldest first; the consumer's own.
    private QueueNode? _outgoing;

    /// <summary>
    /// Exact for the consumer. Anybody else may see a consumer's work in progress, and must take the answer for a hint.
    /// </summary>
    public bool IsEmpty => _outgoing is null && (Volatile.Read(ref _incoming) is not { } head || head == s_closed);

    /// <summary>Any thread. False once the queue is closed.</summary>
    public bool TryEnqueue(TNode node)
    {
        var head = Volatile.Read(ref _incoming);
        while (head != s_closed)
        {
            node.Next = head;
            var found = Interlocked.CompareExchange(ref _incoming, node, head);
            if (found == head)
                return true;
            head = found;
        }

        node.Next = null;
        return false;
    }

    /// <summary>Consumer only.</summary>
    public bool TryDequeue([NotNullWhen(true)] out TNode? node)
    {
        if (IsEmpty)
        {
            node = null;
            return false;
        }

        // Only the consumer closes, so what is taken here is never the mark.
        var first = _outgoing ?? Reverse(Interlocked.Exchange(ref _incoming, null))!;
        _outgoing = first.Next;

        // A message kept by somebody must not keep those behind it.
        first.Next = null;
        node = (TNode)first;
        return true;
    }

    /// <summary>Consumer only: refuses what comes from now on. What is already here can still be dequeued.</summary>
    public void Close()
    {
        var rest = Reverse(Interlocked.Exchange(ref _incoming, s_closed));
        if (_outgoing is null)
        {
            _outgoing = rest;
            return;
        }

        var last = _outgoing;
        while (last.Next is { } next)
            last = next;
        last.Next = rest;
    }

    private static QueueNode? Reverse(QueueNode? node)
    {
        QueueNode? reversed = null;
        while (node is not null)
        {
            var next = node.Next;
            node.Next = reversed;
            reversed = node;
            node = next;
        }

        return reversed;
    }

    private sealed class ClosedMark : QueueNode;
}
