using ActorTunnel.Ssh.Channels;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Ssh.Tests.Channels;

public sealed class ReceiveWindowTests
{
    [Fact]
    public void Bytes_are_granted_again_when_half_of_the_window_was_consumed()
    {
        var window = new ReceiveWindow(new(1000, 1000));
        Assert.True(window.TryReceive(1000));
        Assert.False(window.TryReceive(1));
        Assert.Equal(0, window.Credit(499));
        Assert.Equal(500, window.Credit(1));
        Assert.True(window.TryReceive(500));
        Assert.False(window.TryReceive(1));
    }

    [Fact]
    public void F7_the_window_doubles_up_to_its_maximum_while_the_receiver_keeps_up()
    {
        var window = new ReceiveWindow(new(1000, 3000));
        var granted = 1000L;
        var consumed = 0L;
        for (var i = 0; i < 100; i++)
        {
            Assert.True(window.TryReceive(100));
            granted += window.Credit(100);
            consumed += 100;
        }

        Assert.InRange(granted - consumed, 1500, 3000); // what is owed is less than half
    }

    [Fact]
    public void The_window_stays_while_half_of_it_waits_to_be_consumed()
    {
        var window = new ReceiveWindow(new(1000, 8000));
        Assert.True(window.TryReceive(1000));
        var granted = 1000L;
        var consumed = 0L;
        for (var i = 0; i < 100; i++)
        {
            var grant = window.Credit(100);
            granted += grant;
            consumed += 100;
            Assert.True(window.TryReceive(grant));
            Assert.True(granted - consumed <= 1000);
        }
    }

    [Fact]
    public void More_is_never_outstanding_than_the_maximum() =>
        Prop.ForAll<PositiveInt, PositiveInt, int[]>((initial, growth, steps) =>
        {
            var maximum = initial.Get + growth.Get;
            var window = new ReceiveWindow(new(initial.Get, maximum));
            long granted = initial.Get;
            long received = 0;
            long held = 0;
            foreach (var step in steps)
            {
                var bytes = Math.Abs(step % (maximum + 1));
                if (step >= 0)
                {
                    var mayCome = bytes <= granted - received;
                    if (window.TryReceive(bytes) != mayCome)
                        return false;
                    if (mayCome)
                        (received, held) = (received + bytes, held + bytes);
                }
                else
                {
                    var credit = (int)Math.Min(bytes, held);
                    held -= credit;
                    granted += window.Credit(credit);
                }

                if (granted - received + held > maximum)
                    return false;
            }

            return true;
        }).Check(Seeded.Cases);
}
