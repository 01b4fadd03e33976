namespace ActorTunnel.Actors.Dispatch;

/// <summary>A message that is its own link in a <see cref="MessageQueue{TNode}"/>: it is in one queue, once.</summary>
internal abstract class QueueNode
{
    internal QueueNode? Next { get; set; }
}
