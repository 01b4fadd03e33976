using System.Text.RegularExpressions;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Socks;

/// <summary>
/// The programs that people have, with an FTP server that only the SSH server's machine reaches: a listing, files up and down, in each mode.
/// </summary>
[Collection(SharedSocksSite.Name)]
public sealed class ClientProgramTests(SocksSite site)
{
    private const string Rule = """{ "action": "ftp-tunnel", "profile": "application", "userFromApplication": true }""";

    // PASV names the proxy; tnftp wants the address that it believes to be connected to, which proxychains has told it.
    private const string RuleForTnftp =
        """{ "action": "ftp-tunnel", "profile": "application", "userFromApplication": true, "advertiseAddress": "10.89.0.2" }""";

    private static readonly long[] _sizes = RealParts.AllCases
        ? [0, 1, TestFile.Mebibyte, 64 * TestFile.Mebibyte, TestFile.Gibibyte]
        : [0, 1, 3 * TestFile.Mebibyte];

    private static readonly DataMode[] _modes = [DataMode.ExtendedPassive, DataMode.Passive];

    public static TheoryData<SocksClient> Clients { get; } = [.. Enum.GetValues<SocksClient>()];

    [AccountsTheory]
    [MemberData(nameof(Clients))]
    public async Task Each_program_gets_the_same_files_as_at_the_server_itself(SocksClient client)
    {
        await using var proxy = await site.StartWithRulesAsync(client == SocksClient.Tnftp ? RuleForTnftp : Rule);
        var program = site.Create(client);
        foreach (var mode in _modes)
            await CarryAsync(program, mode);
    }

    /// <summary>curl listens where its control connection is, on loopback, and the proxy connects to it there.</summary>
    [AccountsTheory]
    [InlineData(DataMode.Active)]
    [InlineData(DataMode.ExtendedActive)]
    public async Task Active_mode_works_without_BIND_where_the_proxy_reaches_the_client(DataMode mode)
    {
        await using var proxy = await site.StartWithRulesAsync(Rule);
        var curl = site.Curl();
        var original = await TestFile.CreateAsync(site.Ftp.PathOf("alice/active"), TestFile.Mebibyte);
        var copy = site.ClientFiles.PathOf("active");

        var download = (await curl.DownloadAsync(SocksSite.Server, mode, "active", copy)).Succeeded();
        await TestFile.AssertSameAsync(original, copy, download);
        mode.AssertUsed(download);
        var upload = (await curl.UploadAsync(SocksSite.Server, mode, copy, "active-back")).Succeeded();
        await TestFile.AssertSameAsync(original, site.Ftp.PathOf("alice/active-back"), upload);
    }

    private async Task CarryAsync(FtpClient program, DataMode mode)
    {
        var folder = $"{Guid.NewGuid():N}";
        Directory.CreateDirectory(site.Inner.PathOf($"alice/{folder}"));
        File.SetUnixFileMode(site.Inner.PathOf($"alice/{folder}"), FtpServer.WritableForAll);
        foreach (var size in _sizes)
        {
            var name = $"{folder}/{size}";
            var original = await TestFile.CreateAsync(site.Inner.PathOf($"alice/{name}"), size);
            var copy = site.ClientFiles.PathOf($"{folder}-{size}");
            var download = (await program.DownloadAsync(SocksSite.InnerServer, mode, name, copy)).Succeeded();
            await TestFile.AssertSameAsync(original, copy, download);
            mode.AssertUsed(download);
            var upload = (await program.UploadAsync(SocksSite.InnerServer, mode, copy, $"{name}-back")).Succeeded();
            await TestFile.AssertSameAsync(original, site.Inner.PathOf($"alice/{name}-back"), upload);
        }

        var list = (await program.ListAsync(SocksSite.InnerServer, mode, folder)).Succeeded();
        foreach (var size in _sizes)
            Assert.Equal(2, list.Output.Count(line => Regex.IsMatch(line, $" {size} .* {size}(-back)?$")));
    }
}
