using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Transfers;

/// <summary>Transfers that go on where an earlier one stopped.</summary>
[Collection(SharedSite.Name)]
public sealed class ResumeTests(Site site)
{
    private const int Length = 3_000_000;
    private const int Begun = 1_234_567;

    private readonly string _name = $"resume-{Guid.NewGuid():N}";

    [RealPartsTheory]
    [InlineData(DataMode.Passive)]
    [InlineData(DataMode.ExtendedActive)]
    public async Task A_download_continues_with_REST(DataMode mode)
    {
        var original = await TestFile.CreateAsync(site.Ftp.PathOf(_name), Length);
        var copy = await CopyBeginningAsync(original, site.ClientFiles.PathOf(_name));

        var outcome = await new Curl(site.Hosts.Client).RunAsync(
            mode, "-C", "-", "-o", copy, Curl.Url(await site.EntryAsync(), $"files/{_name}"));

        outcome.Succeeded();
        Assert.Contains(outcome.Errors, line => line.StartsWith($"> REST {Begun}", StringComparison.Ordinal));
        await TestFile.AssertSameAsync(original, copy, outcome);
    }

    [RealPartsFact]
    public async Task An_upload_continues_with_APPE()
    {
        var original = await TestFile.CreateAsync(site.ClientFiles.PathOf(_name), Length);
        var begun = await CopyBeginningAsync(original, site.ClientFiles.PathOf($"{_name}-begun"));
        var curl = new Curl(site.Hosts.Client);
        var url = Curl.Url(await site.EntryAsync(), $"files/{_name}");
        (await curl.RunAsync(DataMode.ExtendedPassive, "-T", begun, url)).Succeeded();

        var outcome = await curl.RunAsync(DataMode.ExtendedPassive, "-C", "-", "-T", original, url);

        outcome.Succeeded();
        Assert.Contains(outcome.Errors, line => line.StartsWith("> APPE", StringComparison.Ordinal));
        await TestFile.AssertSameAsync(original, site.Ftp.PathOf(_name), outcome);
    }

    private static async Task<string> CopyBeginningAsync(string original, string copy)
    {
        await File.WriteAllBytesAsync(copy, (await File.ReadAllBytesAsync(original))[..Begun]);
        return copy;
    }
}
