using ActorTunnel.Ssh.Keys.KnownHosts;

namespace ActorTunnel.Ssh.Tests.Keys.KnownHosts;

public sealed class KnownHostsLockTests
{
    [Fact]
    public void One_thread_has_it_at_a_time()
    {
        var inside = 0;
        var most = 0;
        Parallel.For(0, 200, _ =>
        {
            using var alone = new KnownHostsLock();
            most = Math.Max(most, ++inside);
            Thread.Yield();
            inside--;
        });
        Assert.Equal((0, 1), (inside, most));
    }

    [Fact]
    public void A_holder_that_is_gone_holds_it_no_longer()
    {
        var crashing = new Thread(() => _ = new KnownHostsLock());
        crashing.Start();
        crashing.Join();
        using var alone = new KnownHostsLock();
        Assert.NotNull(alone);
    }
}
