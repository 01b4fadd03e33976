using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Servers;

/// <summary>A server that ends its replies with a line feed alone, as curl's test server does with some.</summary>
[Collection(SharedSite.Name)]
public sealed class LineFeedTests(Site site)
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    private readonly byte[] _content = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7 % 251))];

    [RealPartsTheory]
    [InlineData(DataMode.Passive)]
    [InlineData(DataMode.ExtendedPassive)]
    public async Task S5_curl_downloads_from_a_server_whose_replies_end_with_LF_alone(DataMode mode)
    {
        using var control = site.Hosts.Server.Listen(site.Hosts.HiddenAddress);
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);
        await using var tunnel = await ActorTunnelProcess.StartAsync(
            site.Hosts.Client, site.Ssh, Forward.Ftp(entry, (IPEndPoint)control.LocalEndPoint!));
        var served = ServeAsync(control);
        var copy = site.ClientFiles.PathOf($"line-feed-{mode}");

        var outcome = await new Curl(site.Hosts.Client).DownloadAsync(entry, mode, "file", copy);

        mode.AssertUsed(outcome.Succeeded());
        Assert.Equal(_content, await File.ReadAllBytesAsync(copy));
        await served.WaitAsync(_limit);
    }

    /// <summary>One session, until QUIT.</summary>
    private async Task ServeAsync(Socket control)
    {
        using var stream = new NetworkStream(await control.AcceptAsync().WaitAsync(_limit), ownsSocket: true);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        using var data = site.Hosts.Server.Listen(site.Hosts.HiddenAddress);
        var port = ((IPEndPoint)data.LocalEndPoint!).Port;
        await SayAsync("220-two lines\n220 ready\n");
        while (await reader.ReadLineAsync().WaitAsync(_limit) is { } line)
        {
            await SayAsync(line.Split(' ')[0] switch
            {
                "USER" => "331 who is it\n",
                "PASS" => "230 welcome\n",
                "PWD" => "257 \"/\"\n",
                "TYPE" => "200 as you like\n",
                "SIZE" => $"213 {_content.Length}\n",
                "EPSV" => $"229 here (|||{port}|)\n",
                "PASV" => $"227 here ({site.Hosts.HiddenAddress.ToString().Replace('.', ',')},{port >> 8},{port & 255})\n",
                "RETR" => "150 it comes\n",
                "QUIT" => "221 bye\n",
                _ => "500 no\n",
            });
            if (line.StartsWith("RETR", StringComparison.Ordinal))
            {
                using (var connection = await data.AcceptAsync().WaitAsync(_limit))
                    await connection.SendAsync(_content);
                await SayAsync("226 that was it\n");
            }
        }

        async Task SayAsync(string reply) => await stream.WriteAsync(Encoding.ASCII.GetBytes(reply));
    }
}
