using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Tests.Diagnostics;

public sealed class FailureTableTests
{
    [Fact]
    public void Only_what_has_not_failed_is_a_success_to_a_SOCKS_client() => Assert.Equal(
        [Failure.None], Enum.GetValues<Failure>().Where(failure => failure.SocksCode() == 0));
}
