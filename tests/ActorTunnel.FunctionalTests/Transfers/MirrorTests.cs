using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Transfers;

/// <summary>Many short data connections at once: lftp's mirror with eight sessions.</summary>
[Collection(SharedSite.Name)]
public sealed class MirrorTests(Site site)
{
    private const int Files = 500;
    private const int Folders = 10;

    [RealPartsTheory]
    [InlineData(DataMode.Passive)]
    [InlineData(DataMode.Active)]
    public async Task A_mirror_of_500_files_over_8_sessions_is_complete(DataMode mode)
    {
        var name = $"mirror-{Guid.NewGuid():N}";
        var source = await CreateTreeAsync(site.Ftp.PathOf(name));
        var copy = site.ClientFiles.PathOf(name);

        var outcome = await new Lftp(site.Hosts.Client).RunAsync(
            await site.EntryAsync(), mode, $"mirror --parallel=8 files/{name} {copy}");

        outcome.Succeeded();
        await AssertSameTreeAsync(source, copy);
    }

    [RealPartsFact]
    public async Task A_mirror_of_500_files_to_the_server_is_complete()
    {
        var name = $"mirror-{Guid.NewGuid():N}";
        var source = await CreateTreeAsync(site.ClientFiles.PathOf(name));

        var outcome = await new Lftp(site.Hosts.Client).RunAsync(
            await site.EntryAsync(), DataMode.ExtendedPassive, $"mirror -R --no-perms --parallel=8 {source} files/{name}");

        outcome.Succeeded();
        await AssertSameTreeAsync(source, site.Ftp.PathOf(name));
    }

    private static async Task<string> CreateTreeAsync(string root)
    {
        for (var file = 0; file < Files; file++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(root, $"folder-{file % Folders}")).FullName;
            await TestFile.CreateAsync(Path.Combine(folder, $"file-{file}"), Random.Shared.Next(8 * 1024));
        }

        return root;
    }

    private static async Task AssertSameTreeAsync(string expected, string actual)
    {
        var hashes = await HashesAsync(expected);
        Assert.Equal(Files, hashes.Count);
        Assert.Equal(hashes, await HashesAsync(actual));
    }

    private static async Task<SortedDictionary<string, string>> HashesAsync(string root)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
            hashes.Add(Path.GetRelativePath(root, file), await TestFile.HashAsync(file));
        return hashes;
    }
}
