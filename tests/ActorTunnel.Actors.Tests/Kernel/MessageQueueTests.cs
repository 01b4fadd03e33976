using ActorTunnel.Actors.Dispatch;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Actors.Tests.Kernel;

public sealed class MessageQueueTests
{
    [Fact]
    public void Any_interleaving_of_enqueue_and_dequeue_is_first_in_first_out() =>
        Prop.ForAll<bool[]>(steps =>
        {
            var queue = default(MessageQueue<Envelope>);
            var model = new Queue<int>();
            var next = 0;
            foreach (var enqueue in steps)
            {
                if (enqueue)
                {
                    model.Enqueue(next);
                    Assert.True(queue.TryEnqueue(new Envelope(next++, null)));
                    continue;
                }

                var expected = model.TryDequeue(out var number);
                Assert.Equal(expected, queue.TryDequeue(out var envelope));
                Assert.Equal(expected ? number : null, envelope?.Message);
                Assert.Equal(model.Count == 0, queue.IsEmpty);
            }
        }).Check(Seeded.Cases);

    [Fact]
    public void A_closed_queue_hands_out_what_it_has_and_takes_no_more() =>
        Prop.ForAll<byte, byte>((before, taken) =>
        {
            var queue = default(MessageQueue<Envelope>);
            for (var i = 0; i < before; i++)
            {
                queue.TryEnqueue(new Envelope(i, null));

                // One dequeue moves what is there to the consumer's side: both sides are to be kept by Close.
                if (i == taken)
                    queue.TryDequeue(out _);
            }

            queue.Close();
            Assert.False(queue.TryEnqueue(new Envelope(0, null)));
            for (var i = taken < before ? 1 : 0; i < before; i++)
            {
                Assert.True(queue.TryDequeue(out var envelope));
                Assert.Equal(i, envelope.Message);
            }

            Assert.True(queue.IsEmpty);
            Assert.False(queue.TryDequeue(out _));
        }).Check(Seeded.Cases);

    [Fact]
    public async Task Each_message_is_dequeued_or_refused_when_producers_race_with_Close()
    {
        const int Producers = 3;
        const int Each = 20_000;
        var holder = new Holder();
        var refused = 0;
        using var started = new CountdownEvent(Producers);
        var producing = Task.WhenAll(Enumerable.Range(0, Producers).Select(_ => Task.Run(() =>
        {
            started.Signal();
            for (var i = 0; i < Each; i++)
            {
                if (!holder.Queue.TryEnqueue(new Envelope(i, null)))
                    Interlocked.Increment(ref refused);
            }
        })));

        Assert.True(started.Wait(TimeSpan.FromSeconds(20)));
        var taken = 0;
        while (taken < Each && !producing.IsCompleted)
            taken += holder.Queue.TryDequeue(out _) ? 1 : 0;
        holder.Queue.Close();
        await producing.WaitAsync(TimeSpan.FromSeconds(20));
        while (holder.Queue.TryDequeue(out _))
            taken++;
        Assert.Equal(Producers * Each, taken + refused);
    }

    private sealed class Holder
    {
        public MessageQueue<Envelope> Queue;
    }
}
