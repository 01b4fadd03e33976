using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Forwarding;

/// <summary>The whole product against sshd with one algorithm of each kind, and with new keys all the time.</summary>
[Collection(SharedSite.Name)]
public sealed class AlgorithmTests(Site site)
{
    [RealPartsTheory]
    [InlineData("KexAlgorithms curve25519-sha256")]
    [InlineData("KexAlgorithms diffie-hellman-group16-sha512")]
    [InlineData("Ciphers aes128-gcm@openssh.com")]
    [InlineData("Ciphers chacha20-poly1305@openssh.com")]
    [InlineData("MACs hmac-sha2-256", "Ciphers aes128-ctr")]
    [InlineData("MACs hmac-sha2-512-etm@openssh.com", "Ciphers aes256-ctr")]
    public Task A_server_that_offers_one_algorithm_is_understood(params string[] settings) =>
        CarryAsync("ed25519", TestFile.Mebibyte, settings);

    [RealPartsTheory]
    [InlineData("ecdsa", "HostKeyAlgorithms ecdsa-sha2-nistp256")]
    [InlineData("rsa", "HostKeyAlgorithms rsa-sha2-256")]
    [InlineData("rsa", "HostKeyAlgorithms rsa-sha2-512")]
    public Task A_host_key_and_a_user_key_of_each_type_are_understood(string keyType, string setting) =>
        CarryAsync(keyType, TestFile.Mebibyte, setting);

    [RealPartsFact]
    public Task C22_transfers_survive_a_server_that_changes_keys_after_each_mebibyte() =>
        CarryAsync("ed25519", 200 * TestFile.Mebibyte, "RekeyLimit 1M none");

    private async Task CarryAsync(string keyType, long length, params string[] settings)
    {
        await using var ssh = await SshdServer.StartWithKeysAsync(site.Hosts.Server, site.Hosts.ServerAddress, keyType, settings);
        var (tunnel, entry) = await ActorTunnelProcess.StartFtpAsync(site.Hosts, ssh, site.Ftp);
        await using var _ = tunnel;
        var name = $"algorithm-{Guid.NewGuid():N}";
        var curl = new Curl(site.Hosts.Client);
        var original = await TestFile.CreateAsync(site.ClientFiles.PathOf(name), length);
        var copy = site.ClientFiles.PathOf($"{name}-back");

        var upload = (await curl.UploadAsync(entry, DataMode.ExtendedPassive, original, $"files/{name}")).Succeeded();
        await TestFile.AssertSameAsync(original, site.Ftp.PathOf(name), upload);
        var download = (await curl.DownloadAsync(entry, DataMode.ExtendedPassive, $"files/{name}", copy)).Succeeded();
        await TestFile.AssertSameAsync(original, copy, download);
    }
}
