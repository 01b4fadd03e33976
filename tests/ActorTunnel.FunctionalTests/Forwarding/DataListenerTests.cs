using System.Net;
using System.Net.Sockets;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Forwarding;

/// <summary>Whom a data listener trusts, and how long it lives.</summary>
[Collection(SharedSite.Name)]
public sealed class DataListenerTests(Site site)
{
    private static readonly IPAddress _stranger = IPAddress.Parse("127.0.0.3");
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);

    private readonly string _name = $"listener-{Guid.NewGuid():N}";

    [RealPartsFact]
    public async Task A_data_connection_from_another_address_gets_nothing()
    {
        var original = await TestFile.CreateAsync(site.Ftp.PathOf(_name), 100_000);
        using var ftp = await RawFtp.LoginAsync(site.Hosts.Client, await site.EntryAsync());
        var listener = await ftp.ExtendedPassiveAsync();

        Assert.Equal(0, await BytesForStrangerAsync(listener));

        Assert.Equal(await File.ReadAllBytesAsync(original), await ftp.DownloadAsync($"files/{_name}"));
    }

    [RealPartsFact]
    public async Task A_second_EPSV_closes_the_listener_of_the_first()
    {
        using var ftp = await RawFtp.LoginAsync(site.Hosts.Client, await site.EntryAsync());
        var first = await ftp.ExtendedPassiveAsync();
        var second = await ftp.ExtendedPassiveAsync();

        Assert.NotEqual(first, second);
        Assert.False(await site.Hosts.Client.CanConnectAsync(first), "the first listener is still there");
    }

    [RealPartsFact]
    public async Task A_listener_goes_with_its_session()
    {
        IPEndPoint listener;
        using (var ftp = await RawFtp.LoginAsync(site.Hosts.Client, await site.EntryAsync()))
            listener = await ftp.ExtendedPassiveAsync();

        await Eventually.IsTrueAsync(async () => !await site.Hosts.Client.CanConnectAsync(listener), $"{listener} is closed");
    }

    /// <summary>Ends only when the tunnel closes the connection.</summary>
    private async Task<int> BytesForStrangerAsync(IPEndPoint listener)
    {
        try
        {
            using var stranger = await site.Hosts.Client.ConnectAsync(listener, _stranger);
            return await stranger.ReceiveAsync(new byte[100], SocketFlags.None).WaitAsync(_limit);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset)
        {
            return 0;
        }
    }
}
