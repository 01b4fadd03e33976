using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tests.Support;

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

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("192.0.2.7")]
    public async Task An_address_is_what_it_is(string address) =>
        Assert.Equal([IPAddress.Parse(address)], await ResolveAsync(address, AddressFamily.Unspecified));

    [Theory]
    [InlineData("192.0.2.7", AddressFamily.InterNetworkV6)]
    [InlineData("a..b", AddressFamily.Unspecified)]
    public async Task What_is_no_host_of_that_family_is_not_found(string host, AddressFamily family) =>
        Assert.Equal(
            Failure.HostNotFound, (await Assert.ThrowsAsync<TunnelException>(() => ResolveAsync(host, family))).Failure);

    [Fact]
    public async Task A_name_that_is_too_long_for_any_resolver_is_not_found() => Assert.Equal(
        Failure.HostNotFound,
        (await Assert.ThrowsAsync<TunnelException>(() => ResolveAsync(new string('a', 300), AddressFamily.Unspecified))).Failure);

    private static Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, AddressFamily family) =>
        HostResolver.ResolveAsync(host, family, CancellationToken.None).Soon();
}
