using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Net;

/// <summary>The kernel is asked about sockets of this process. Those of another user: functional tests.</summary>
[SupportedOSPlatform("linux")]
public sealed class SocketOwnerTests
{
    private static uint Ours { get; } = uint.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2],
        System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_connected_socket_of_ours_is_our_users(string address)
    {
        var (client, accepted) = await DataSocket.PairAsync(IPAddress.Parse(address));
        using var both = client;
        using var other = accepted;

        Assert.Equal(Ours, Owner(accepted));
        Assert.Null(ClientUser.Of(accepted)!.WhyNot(accepted));
    }

    [Fact]
    public async Task A_v4_mapped_socket_is_found_by_its_IPv4_ends()
    {
        using var listener = TcpAcceptor.Listen(new(IPAddress.Loopback, 0), 1);
        using var mapped = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        await mapped.ConnectAsync(new IPEndPoint(IPAddress.Loopback.MapToIPv6(), listener.EndPoint.Port)).Soon();
        using var accepted = await listener.AcceptAsync(CancellationToken.None).Soon();

        Assert.Equal(Ours, Owner(accepted));
    }

    [Fact]
    public async Task A_socket_that_its_process_has_closed_is_nobodys()
    {
        var (client, accepted) = await DataSocket.PairAsync();
        using var other = accepted;
        var user = ClientUser.Of(accepted)!;

        client.Dispose();

        Assert.Null(Owner(accepted));
        Assert.Equal("whose it is cannot be told", user.WhyNot(accepted));
    }

    [Fact]
    public void A_listening_socket_is_not_taken_for_a_connected_one()
    {
        using var listener = TcpAcceptor.Listen(new(IPAddress.Loopback, 0), 1);

        Assert.Null(SocketOwner.Find(listener.EndPoint, new IPEndPoint(IPAddress.Loopback, 9)));
    }

    [Fact]
    public async Task A_client_on_this_machine_whose_user_cannot_be_told_has_no_data_connection()
    {
        var (client, accepted) = await DataSocket.PairAsync();
        using var other = accepted;
        client.Dispose();
        var (later, data) = await DataSocket.PairAsync();
        using var both = later;
        using var its = data;

        Assert.Equal("whose the control connection is cannot be told", ClientUser.Of(accepted)!.WhyNot(data));
    }

    /// <summary>Of the other end.</summary>
    private static uint? Owner(Socket accepted) =>
        SocketOwner.Find((IPEndPoint)accepted.RemoteEndPoint!, (IPEndPoint)accepted.LocalEndPoint!);
}
