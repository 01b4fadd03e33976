using System.Net;
using ActorTunnel.Engine.Net;

namespace ActorTunnel.Engine.Tests.Net;

public class HostResolverTests
{
    [Theory]
    [InlineData("::1 ::2 ::3 1.1.1.1", "::1 1.1.1.1 ::2 ::3")]
    [InlineData("1.1.1.1 ::1 ::2", "1.1.1.1 ::1 ::2")]
    [InlineData("::1 ::2 1.1.1.1 2.2.2.2", "::1 1.1.1.1 ::2 2.2.2.2")]
    [InlineData("1.1.1.1", "1.1.1.1")]
    public void Families_take_turns_beginning_with_the_preferred_one(string sorted, string expected) =>
        Assert.Equal(expected, string.Join(' ', HostResolver.Interleave([.. sorted.Split(' ').Select(IPAddress.Parse)])));

    [Fact]
    public void A_name_with_very_many_addresses_is_tried_at_the_first_ones()
    {
        var many = Enumerable.Range(1, 100).Select(i => new IPAddress([10, 0, 0, (byte)i])).ToArray();

        Assert.Equal(many[..HostResolver.MaxAddresses], HostResolver.Interleave(many));
        Assert.Equal(HostResolver.MaxAddresses, HostResolver.Interleave([.. many, .. many.Select(address => address.MapToIPv6())]).Count);
    }
}
