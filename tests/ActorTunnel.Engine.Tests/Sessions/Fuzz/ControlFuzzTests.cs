using System.Globalization;
using Xunit.Abstractions;

namespace ActorTunnel.Engine.Tests.Sessions.Fuzz;

/// <summary>
/// Altered dialogues and noise in random segments, in both directions of a control connection, through the real actors. A longer run:
/// <c>ACTORTUNNEL_FUZZ_BYTES=10000000 dotnet test tests/ActorTunnel.Engine.Tests --filter ControlFuzz</c>.
/// </summary>
[Collection(nameof(ControlFuzzTests))]
public sealed class ControlFuzzTests(ITestOutputHelper output)
{
    private const long DefaultBytes = 200_000;

    /// <summary>Bytes that are dealt with between two looks at the memory.</summary>
    private const long BetweenLooks = 100_000;

    /// <summary>
    /// What a session may hold: 64 commands of up to 16 KiB, 64 KiB unread and as much unsent, and a reply of up to 256 KiB, which is copied
    /// once; that is below 2 MiB. As much again is for what the runtime and the test keep in buffers that they use again. A session that kept
    /// its commands would need more than their bytes, and soon be above it in a long run.
    /// </summary>
    private const long MaxGrowth = 4 * 1024 * 1024;

    private static readonly long _bytes = long.Parse(
        Environment.GetEnvironmentVariable("ACTORTUNNEL_FUZZ_BYTES") ?? $"{DefaultBytes}", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Fuzzed_bytes_in_each_direction_are_survived_without_exception_growth_or_hang()
    {
        await RunAsync(seed: 0, BetweenLooks); // What is made once is there after it.
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (client, server, most, sessions) = (0L, 0L, 0L, 0);
        while (client < _bytes || server < _bytes)
        {
            var run = await RunAsync(++sessions, Math.Max(_bytes - client, _bytes - server));
            client += run.Client;
            server += run.Server;
            most = Math.Max(most, run.Memory - before);
        }

        output.WriteLine($"{client} bytes of clients, {server} of servers, {sessions} sessions, memory at most {most} bytes above the start.");
        Assert.InRange(most, long.MinValue, MaxGrowth);
    }

    /// <summary>One session, until both have said so much or it ends.</summary>
    private static async Task<(long Client, long Server, long Memory)> RunAsync(int seed, long bytes)
    {
        await using var session = await FuzzedSession.StartAsync(seed);
        var (next, memory) = (0L, 0L);
        bool goesOn;
        do
        {
            goesOn = await session.TalkAsync();
            if (session.ClientBytes < next && goesOn)
                continue;
            next = session.ClientBytes + BetweenLooks;
            session.Forget();
            memory = Math.Max(memory, GC.GetTotalMemory(forceFullCollection: true));
        }
        while (goesOn && (session.ClientBytes < bytes || session.ServerBytes < bytes));
        return (session.ClientBytes, session.ServerBytes, memory);
    }
}

/// <summary>The memory is the process's: nothing runs beside.</summary>
[CollectionDefinition(nameof(ControlFuzzTests), DisableParallelization = true)]
public sealed class RunsAlone;
