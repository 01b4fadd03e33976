using System.Net;
using System.Net.Sockets;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Forwarding;

/// <summary>Several forwards in one process, plain ones among them.</summary>
[Collection(SharedSite.Name)]
public sealed class PlainForwardTests(Site site)
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    [RealPartsFact]
    public async Task Two_forwards_at_once_carry_FTP_and_a_plain_protocol_with_half_close()
    {
        using var service = site.Hosts.Server.Listen(IPAddress.Loopback);
        var ftpEntry = ActorTunnelProcess.NewEntry(site.Hosts);
        var tcpEntry = ActorTunnelProcess.NewEntry(site.Hosts);
        await using var tunnel = await ActorTunnelProcess.StartAsync(
            site.Hosts.Client,
            site.Ssh,
            Forward.Ftp(ftpEntry, site.Ftp.EndPoint),
            Forward.Tcp(tcpEntry, (IPEndPoint)service.LocalEndPoint!));

        var answering = AnswerAfterTheEndAsync(service);
        var asked = new byte[5_000_000];
        Random.Shared.NextBytes(asked);
        var answer = AskAsync(tcpEntry, asked);
        (await new Curl(site.Hosts.Client).ListAsync(ftpEntry, DataMode.ExtendedPassive, "files")).Succeeded();

        Assert.Equal(asked, await answer);
        await answering;
    }

    /// <summary>Says nothing before it has heard the end: a tunnel that turns a half-close into a close loses the answer.</summary>
    private static async Task AnswerAfterTheEndAsync(Socket service)
    {
        using var socket = await service.AcceptAsync().WaitAsync(_limit);
        await using var stream = new NetworkStream(socket);
        using var heard = new MemoryStream();
        await stream.CopyToAsync(heard).WaitAsync(_limit);
        await stream.WriteAsync(heard.ToArray());
    }

    private async Task<byte[]> AskAsync(IPEndPoint entry, byte[] asked)
    {
        using var socket = await site.Hosts.Client.ConnectAsync(entry);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(asked);
        socket.Shutdown(SocketShutdown.Send);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer).WaitAsync(_limit);
        return answer.ToArray();
    }
}
