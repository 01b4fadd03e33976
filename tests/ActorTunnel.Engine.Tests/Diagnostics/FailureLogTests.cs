using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Diagnostics;

public class FailureLogTests
{
    [Fact]
    public async Task A_message_without_a_handler_is_logged_by_its_type()
    {
        using var log = new LogCapture();
        var services = new EngineServices(log, new ManualTimeProvider());
        var system = ActorSystem.Create("test");
        system.ActorOf(Props.Create(() => new FailureLog(services)));
        var deaf = system.ActorOf(Props.Create(() => new Deaf()), "deaf");

        // Said until the log has subscribed.
        await Patience.UntilAsync(
            () =>
            {
                deaf.Tell(new Secret("hunter2"), ActorRefs.NoSender);
                deaf.Tell(new Status.Failure(new IOException("a defect")), ActorRefs.NoSender);
                return log.Errors.Any(line => line.Contains("a defect", StringComparison.Ordinal));
            },
            "a line in the log");
        await system.Terminate().Soon();

        Assert.Contains(
            log.Errors,
            line => line.Contains("/user/deaf", StringComparison.Ordinal) && line.Contains("Secret", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains("hunter2", StringComparison.Ordinal));
    }

    private sealed record Secret(string Password);

    private sealed class Deaf : ReceiveActor;
}
