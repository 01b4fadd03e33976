using System.Security.Cryptography;
using ActorTunnel.Lab.Ftp;
using ActorTunnel.Lab.Ftp.Client;

namespace ActorTunnel.FunctionalTests.Lab;

/// <summary>Our client against vsftpd.</summary>
public sealed class VsftpdTests
{
    [Theory]
    [InlineData(nameof(DataMode.Passive), false)]
    [InlineData(nameof(DataMode.ExtendedPassive), false)]
    [InlineData(nameof(DataMode.ExtendedPassive), true)]
    [InlineData(nameof(DataMode.Active), false)]
    [InlineData(nameof(DataMode.ExtendedActive), false)]
    [InlineData(nameof(DataMode.ExtendedActive), true)]
    public async Task Our_client_lists_downloads_uploads_and_resumes(string mode, bool ipv6)
    {
        using var folder = new TemporaryFolder();
        using var server = await Vsftpd.StartAsync(folder.Path, ipv6);
        var options = new FtpClientOptions
        {
            Server = server.EndPoint,
            User = "anonymous",
            Password = "test@",
            Mode = Enum.Parse<DataMode>(mode),
            Timeout = TimeSpan.FromSeconds(20),
        };
        await using var client = await FtpClient.ConnectAsync(options, default);

        var bytes = RandomNumberGenerator.GetBytes(3_000_001);
        foreach (var size in new[] { 0, 1, bytes.Length })
        {
            var upload = await client.UploadAsync($"f{size}", new MemoryStream(bytes[..size]), 0, null, default);
            Assert.Equal(bytes[..size], File.ReadAllBytes(Path.Join(folder.Path, $"f{size}")));
            var download = await client.DownloadAsync($"f{size}", Stream.Null, 0, null, default);
            Assert.Equal(upload.Sha256, download.Sha256);
        }

        using var tail = new MemoryStream();
        await client.DownloadAsync($"f{bytes.Length}", tail, 2_000_000, null, default);
        Assert.Equal(bytes[2_000_000..], tail.ToArray());
        Assert.Equal(3, (await client.ListAsync("", default)).Count);
        Assert.Equal(550, (await Assert.ThrowsAsync<FtpException>(() => client.DownloadAsync("none", Stream.Null, 0, null, default))).Code);
        await client.QuitAsync(default);
    }
}
