using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Tests.Transport;

public sealed class WaiterTests
{
    [Fact]
    public async Task Completions_are_neither_lost_nor_doubled_when_waits_follow_each_other()
    {
        const int Rounds = 100_000;
        var waiter = new Waiter<int>();
        var armed = 0;
        var completing = Task.Run(() =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                var spin = new SpinWait();
                while (Volatile.Read(ref armed) <= round)
                    spin.SpinOnce();
                Assert.True(waiter.TryComplete(round));
            }
        });
        for (var round = 0; round < Rounds; round++)
        {
            var waiting = waiter.Arm();
            Volatile.Write(ref armed, round + 1);
            Assert.Equal(round, await waiting);
        }

        await completing.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Nobody_waits_before_the_first_wait_and_after_a_failure()
    {
        var waiter = new Waiter<int>();
        Assert.False(waiter.TryComplete(1));
        var waiting = waiter.Arm();
        Assert.True(waiter.TryFail(new OperationCanceledException()));
        Assert.False(waiter.TryComplete(1));
        Assert.True(waiting.IsCanceled);
    }
}
