using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Transfers;

/// <summary>Every client in every mode that it has, over each family.</summary>
internal static class TransferCase
{
    private static readonly long[] _sizes = RealParts.AllCases
        ? [0, 1, TestFile.Mebibyte, 64 * TestFile.Mebibyte, TestFile.Gibibyte]
        : [0, 1, TestFile.Mebibyte, 64 * TestFile.Mebibyte];

    public static TheoryData<ClientProgram, DataMode, bool> Modes { get; } = [];

    public static TheoryData<ClientProgram, DataMode, bool, long> ModesAndSizes { get; } = [];

    static TransferCase()
    {
        var modes =
            from program in Enum.GetValues<ClientProgram>()
            from mode in Enum.GetValues<DataMode>()
            from ipv6 in new[] { false, true }
            where Has(program, mode, ipv6)
            select (program, mode, ipv6);
        foreach (var (program, mode, ipv6) in modes)
        {
            Modes.Add(program, mode, ipv6);
            foreach (var size in _sizes)
                ModesAndSizes.Add(program, mode, ipv6, size);
        }
    }

    // PASV and PORT can only name IPv4 addresses. lftp says EPRT only over IPv6.
    private static bool Has(ClientProgram program, DataMode mode, bool ipv6) => mode switch
    {
        DataMode.Passive or DataMode.Active => !ipv6,
        DataMode.ExtendedActive => ipv6 || program != ClientProgram.Lftp,
        _ => true,
    };
}
