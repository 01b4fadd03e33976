using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Channels;
using ActorTunnel.Ssh.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTunnel.Ssh.Tests.Servers;

/// <summary>The algorithms of one connection; the client offers these and no others, so the server has no other choice.</summary>
/// <param name="KeyExchange">One of <see cref="SshAlgorithms.KeyExchanges"/>.</param>
/// <param name="HostKey">One of <see cref="SshAlgorithms.HostKeys"/>.</param>
/// <param name="Protection">A cipher, and after a plus sign the MAC if it needs one.</param>
public sealed record AlgorithmRow(string KeyExchange, string HostKey, string Protection)
{
    private AlgorithmChoice Choice => Protection.Split('+') switch
    {
        [var cipher] => new() { KeyExchanges = [KeyExchange], HostKeys = [HostKey], Ciphers = [cipher] },
        var both => new() { KeyExchanges = [KeyExchange], HostKeys = [HostKey], Ciphers = [both[0]], Macs = [both[1]] },
    };

    /// <summary>
    /// Every two values of different columns at least once; each combination there is in the run without a limit of time
    /// (<c>tests/run --all</c>).
    /// </summary>
    public static TheoryData<string, string, string, string> Rows(
        IReadOnlyList<string> keyExchanges, IReadOnlyList<string> hostKeys, IReadOnlyList<string> ciphers, IReadOnlyList<string> macs,
        IReadOnlyList<string> userKeys)
    {
        // A cipher that authenticates by itself has no MAC to go with.
        IReadOnlyList<string>[] columns = [keyExchanges, hostKeys, [.. Protections(ciphers, macs)], userKeys];
        var isAll = Environment.GetEnvironmentVariable("ACTORTUNNEL_ALL_TESTS") == "1";
        var rows = isAll ? Pairwise.Product(columns) : Pairwise.Rows(columns);
        var data = new TheoryData<string, string, string, string>();
        foreach (var row in rows)
            data.Add(row[0], row[1], row[2], row[3]);
        return data;
    }

    private static IEnumerable<string> Protections(IReadOnlyList<string> ciphers, IReadOnlyList<string> macs) => ciphers.SelectMany(
        cipher => cipher.EndsWith("-ctr", StringComparison.Ordinal) ? macs.Select(mac => $"{cipher}+{mac}") : [cipher]);

    /// <summary>Connects, logs in, and carries bytes both ways across several key exchanges.</summary>
    public async Task CarryAsync(Stream server, SshCredential credential)
    {
        const int size = 200_000;
        var options = new SshClientOptions
        {
            User = Sshd.User,
            Credentials = [credential],
            HostKeys = new TestPolicy(),
            Algorithms = Choice,
            RekeyBytes = 64 * 1024,
        };
        await using var connection = await SshClient.ConnectAsync(
            server, options, NullLogger.Instance, TimeProvider.System, CancellationToken.None).AsTask().WaitAsync(SshdClient.Bound);
        await using var echo = TcpTarget.Echo();
        await using var stream = new ChannelStream(await SshdClient.OpenAsync(connection, echo.Port));
        var receiving = Traffic.ReadAsync(stream);
        var sent = await Traffic.WriteAsync(stream, size).WaitAsync(SshdClient.Bound);
        await stream.CompleteWritesAsync();
        Assert.Equal((size, sent), await receiving.WaitAsync(SshdClient.Bound));
    }
}
