namespace ActorTunnel.Actors.Tests.Contract;

public sealed class RestartTests : ActorTest
{
    [Fact]
    public async Task C8_restart_keeps_the_ref_and_the_queued_messages()
    {
        var actor = Spawn(_ => { });
        var uid = actor.Path.Uid;
        actor.Tell((Action<Scripted>)(self =>
        {
            self.Self.Tell("m2");
            self.Self.Tell("m3");
            throw new InvalidOperationException();
        }));

        await Journal.ExpectAsync(
            "a.ctor", "a.PreStart", "a.PreRestart", "a.PostStop", "a.ctor", "a.PostRestart", "a.PreStart", "a.m2", "a.m3");
        Assert.Equal(uid, actor.Path.Uid);
    }
}
