using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Channels;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Protection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTunnel.Benchmarks.Ssh;

/// <summary>
/// What a byte costs with each cipher and MAC: its protection alone, and its whole way through a channel between our client and our
/// server over loopback, both in this process. CPU time, because the wall clock shows the neighbours' work.
/// </summary>
internal static class Ciphers
{
    private const int Rounds = 5;
    private const long Size = 256L * 1024 * 1024;
    private const double Gibibytes = Size / (1024.0 * 1024 * 1024);
    private const long Packets = Size / SealAndOpen.Size;

    public static async Task<int> RunAsync()
    {
        var alone = Protections.All.ToDictionary(names => names, _ => new List<(double Cpu, long Bytes)>());
        var whole = Protections.All.ToDictionary(names => names, _ => new List<(double Cpu, long Bytes)>());
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var names in Protections.All)
            {
                alone[names].Add(SealAndOpenAll(names));
                whole[names].Add(await TransferAsync(names));
            }
        }

        Console.WriteLine("| Cipher and MAC | seal and open, CPU s/GiB | bytes allocated | both ends, CPU s/GiB | bytes allocated |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach (var names in Protections.All)
            Console.WriteLine($"| {names} | {Show(alone[names])} | {Show(whole[names])} |");
        return 0;
    }

    // The first round warmed up. Median (least to most), and what the leanest round allocated for each packet.
    private static string Show(List<(double Cpu, long Bytes)> rounds)
    {
        var cpu = rounds.Skip(1).Select(round => round.Cpu / Gibibytes).Order().ToArray();
        var bytes = rounds.Skip(1).Min(round => round.Bytes) / (double)Packets;
        return $"{cpu[Rounds / 2]:F2} ({cpu[0]:F2} to {cpu[^1]:F2}) | {bytes:F1}";
    }

    private static (double CpuSeconds, long Bytes) SealAndOpenAll(ProtectionNames names)
    {
        var benchmark = new SealAndOpen { Protection = names.ToString() };
        benchmark.SetUp();
        var cpu = Cpu();
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Packets; i++)
            benchmark.Packet();
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        var result = ((Cpu() - cpu).TotalSeconds, bytes);
        benchmark.CleanUp();
        return result;
    }

    private static async Task<(double CpuSeconds, long Bytes)> TransferAsync(ProtectionNames names)
    {
        var algorithms = new AlgorithmChoice { Ciphers = [names.Cipher], Macs = names.Mac is null ? null : [names.Mac] };
        using var hostKey = PrivateKey.Generate("ssh-ed25519");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(listener.LocalEndpoint);

        var received = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var accepting = SshServer.AcceptAsync(
            new NetworkStream(await listener.AcceptSocketAsync(), ownsSocket: true),
            new()
            {
                HostKeys = [hostKey],
                CheckPassword = (_, _, _) => new(true),
                Algorithms = algorithms,
                DirectTcpip = offer => _ = DrainAsync(offer, received),
            },
            NullLogger.Instance, TimeProvider.System, CancellationToken.None).AsTask();
        await using var client = await SshClient.ConnectAsync(
            new NetworkStream(socket),
            new()
            {
                User = "bench",
                Credentials = [new PasswordCredential((_, _) => new((byte[]?)[1]))],
                HostKeys = new AnyHostKey(),
                Algorithms = algorithms,
            },
            NullLogger.Instance, TimeProvider.System, CancellationToken.None);
        await using var server = await accepting;

        await using var stream = new ChannelStream(await client.OpenAsync(
            "bench", 1, new(IPAddress.Loopback, 1), new(64 * 1024, 64 * 1024), CancellationToken.None));
        var piece = new byte[256 * 1024];
        var cpu = Cpu();
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        for (var sent = 0L; sent < Size; sent += piece.Length)
            await stream.WriteAsync(piece);
        await stream.CompleteWritesAsync();
        var count = await received.Task;
        var result = ((Cpu() - cpu).TotalSeconds, GC.GetTotalAllocatedBytes(precise: true) - bytes);
        return count == Size ? result : throw new InvalidOperationException($"{names}: {count} bytes arrived.");
    }

    private static TimeSpan Cpu()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }

    private static async Task DrainAsync(IOfferedChannel offer, TaskCompletionSource<long> received)
    {
        await using var stream = new ChannelStream(offer.Accept(new(1024 * 1024, 4 * 1024 * 1024)));
        var buffer = new byte[256 * 1024];
        var count = 0L;
        while (await stream.ReadAsync(buffer) is > 0 and var read)
            count += read;
        received.SetResult(count);
    }

    private sealed class AnyHostKey : IHostKeyPolicy
    {
        public IReadOnlyList<string> KnownKeyTypes => [];

        public ValueTask CheckAsync(PublicKey key, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
