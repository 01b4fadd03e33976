using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Ssh.Tests.Fuzz;

/// <summary>
/// All targets on altered valid input and on noise. A longer run: <c>ACTORTUNNEL_FUZZ_RUNS=1000000 dotnet test
/// tests/ActorTunnel.Ssh.Tests --filter Fuzz</c>.
/// </summary>
public sealed class FuzzTests
{
    private const int DefaultRuns = 100;

    private static readonly int _runs = int.Parse(
        Environment.GetEnvironmentVariable("ACTORTUNNEL_FUZZ_RUNS") ?? $"{DefaultRuns}", CultureInfo.InvariantCulture);

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Keys];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Altered_input_is_read_or_refused(string target)
    {
        var (run, samples) = FuzzTargets.All[target];
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => IsReadOrRefused(run, Mutation.Of(samples, seed))).Check(Fixed);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Noise_is_read_or_refused(string target) =>
        Prop.ForAll<byte[]>(bytes => IsReadOrRefused(FuzzTargets.All[target].Run, bytes)).Check(Fixed);

    private static Config Fixed => Seeded.Cases.WithMaxTest(_runs);

    private static void IsReadOrRefused(FuzzTargets.Target run, byte[] input)
    {
        try
        {
            run(input);
        }
        catch (SshException)
        {
            // Refused, and in words for a person.
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{exception.Message} Input: {Convert.ToHexString(input)}", exception);
        }
    }
}
