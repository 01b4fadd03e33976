using System.Net;
using System.Security.Cryptography;
using ActorTunnel.Lab.Ftp;
using ActorTunnel.Lab.Ftp.Client;
using ActorTunnel.Lab.Ftp.Storage;

namespace ActorTunnel.FunctionalTests.Lab;

/// <summary>Our client against our server.</summary>
public sealed class TransferTests
{
    private static readonly long[] _sizes = [0, 1, 65_537, 3 * 1024 * 1024 + 5];

    [Theory]
    [InlineData(nameof(DataMode.Passive), false)]
    [InlineData(nameof(DataMode.ExtendedPassive), false)]
    [InlineData(nameof(DataMode.ExtendedPassive), true)]
    [InlineData(nameof(DataMode.Active), false)]
    [InlineData(nameof(DataMode.ExtendedActive), false)]
    [InlineData(nameof(DataMode.ExtendedActive), true)]
    public async Task Files_arrive_whole_in_every_mode(string mode, bool ipv6)
    {
        var storage = new GeneratedStorage(TimeProvider.System);
        await using var server = LabServer.Start(storage);
        await using var client = await server.ConnectAsync(Enum.Parse<DataMode>(mode), ipv6);
        foreach (var size in _sizes)
        {
            var content = storage.AddFile($"/d{size}", size);
            var download = await client.DownloadAsync($"/d{size}", Stream.Null, 0, null, default);
            var received = await server.NextTransferAsync();
            var upload = await client.UploadAsync($"/u{size}", new GeneratedStream(content), 0, null, default);
            var sent = await server.NextTransferAsync();

            Assert.Equal(size, download.Length);
            Assert.Equal(content.Sha256(), download.Sha256);
            Assert.Equal(download.Sha256, upload.Sha256);
            Assert.Equal(upload.Sha256, storage.FindUpload($"/u{size}")!.Sha256);
            Assert.True(received.Completed && sent.Completed);
            Assert.Equal(size, received.Length);
            Assert.Equal(size, sent.Length);
        }

        var names = (await client.ListAsync("", default)).Select(line => line[(line.LastIndexOf(' ') + 1)..]);
        Assert.Equal(_sizes.SelectMany(size => new[] { $"d{size}", $"u{size}" }).Order(StringComparer.Ordinal), names);
        Assert.All(server.DataPeers, peer => Assert.Equal(ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, peer.Address));
        await client.QuitAsync(default);
    }

    [Theory]
    [InlineData(nameof(DataMode.Passive), 502)]
    [InlineData(nameof(DataMode.Active), 501)]
    public async Task PASV_and_PORT_cannot_say_an_IPv6_address(string mode, int code)
    {
        await using var server = LabServer.Start(new GeneratedStorage(TimeProvider.System));
        await using var client = await server.ConnectAsync(Enum.Parse<DataMode>(mode), ipv6: true);
        Assert.Equal(code, (await Assert.ThrowsAsync<FtpException>(() => client.ListAsync("", default))).Code);
    }

    [Fact]
    public async Task A_transfer_resumes_at_its_offset()
    {
        var storage = new GeneratedStorage(TimeProvider.System);
        var content = storage.AddFile("/f", 1_000_003);
        await using var server = LabServer.Start(storage);
        await using var client = await server.ConnectAsync(DataMode.ExtendedPassive);
        using var whole = new MemoryStream();
        using (var source = new GeneratedStream(content))
            source.CopyTo(whole);

        using var tail = new MemoryStream();
        await client.DownloadAsync("/f", tail, 999_999, null, default);
        Assert.Equal(whole.ToArray()[999_999..], tail.ToArray());

        await client.UploadAsync("/u", new MemoryStream(whole.ToArray()[..400_001]), 0, null, default);
        await client.UploadAsync("/u", new GeneratedStream(content) { Position = 400_001 }, 400_001, null, default);
        Assert.Equal(content.Sha256(), storage.FindUpload("/u")!.Sha256);

        var refused = await Assert.ThrowsAsync<FtpException>(() => client.DownloadAsync("/f", Stream.Null, 1_000_004, null, default));
        Assert.Equal(554, refused.Code);
    }

    [Fact]
    public async Task A_folder_takes_and_gives_files_and_names()
    {
        using var folder = new TemporaryFolder();
        await using var server = LabServer.Start(new FolderStorage(folder.Path));
        await using var client = await server.ConnectAsync(DataMode.ExtendedPassive);
        var bytes = RandomNumberGenerator.GetBytes(200_000);

        await client.SendAsync("MKD /straße", default);
        await client.SendAsync("CWD straße", default);
        await client.UploadAsync("a b", new MemoryStream(bytes), 0, null, default);
        Assert.Equal(bytes, File.ReadAllBytes(Path.Join(folder.Path, "straße", "a b")));
        Assert.Equal("213 200000", await client.SendAsync("SIZE a b", default));

        await client.SendAsync("RNFR a b", default);
        await client.SendAsync("RNTO ../c", default);
        using var back = new MemoryStream();
        await client.DownloadAsync("/c", back, 0, null, default);
        Assert.Equal(bytes, back.ToArray());

        // APPE goes on at the end; an upload to an offset cuts off what was behind it.
        await client.UploadAsync("/c", new MemoryStream([1, 2, 3]), 10, null, default);
        Assert.Equal([.. bytes[..10], 1, 2, 3], File.ReadAllBytes(Path.Join(folder.Path, "c")));

        await client.SendAsync("DELE /c", default);
        await client.SendAsync("CWD /", default);
        await client.SendAsync("RMD straße", default);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task No_name_leads_out_of_the_folder()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Join(folder.Path, "root"));
        File.WriteAllText(Path.Join(folder.Path, "secret"), "x");
        await using var server = LabServer.Start(new FolderStorage(Path.Join(folder.Path, "root")));
        await using var client = await server.ConnectAsync(DataMode.ExtendedPassive);
        foreach (var name in new[] { "../secret", "/../secret", "/./..//../secret" })
            Assert.Equal(550, (await Assert.ThrowsAsync<FtpException>(() => client.SendAsync($"SIZE {name}", default))).Code);
        await Assert.ThrowsAsync<FtpException>(() => client.SendAsync("RMD /", default));
        Assert.True(Directory.Exists(Path.Join(folder.Path, "root")));
    }

    [Fact]
    public async Task Two_hundred_sessions_transfer_at_once()
    {
        var storage = new GeneratedStorage(TimeProvider.System);
        var content = storage.AddFile("/f", 300_000);
        var expected = content.Sha256();
        await using var server = LabServer.Start(storage);
        var clients = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => server.ConnectAsync((DataMode)(i % 4))));
        Assert.Equal(200, server.Server.SessionCount);

        await Task.WhenAll(clients.Select(async (client, i) =>
        {
            Assert.Equal(expected, (await client.DownloadAsync("/f", Stream.Null, 0, null, default)).Sha256);
            await client.UploadAsync($"/u{i}", new GeneratedStream(content), 0, null, default);
            await client.QuitAsync(default);
            await client.DisposeAsync();
        }));

        Assert.All(Enumerable.Range(0, 200), i => Assert.Equal(expected, storage.FindUpload($"/u{i}")!.Sha256));
    }

    [Fact]
    public async Task Progress_tells_the_bytes_of_this_transfer()
    {
        var storage = new GeneratedStorage(TimeProvider.System);
        storage.AddFile("/f", 1_000_000);
        await using var server = LabServer.Start(storage);
        await using var client = await server.ConnectAsync(DataMode.ExtendedPassive);
        var progress = new Recorder();
        await client.DownloadAsync("/f", Stream.Null, 0, progress, default);
        Assert.Equal(1_000_000, progress.Values[^1]);
        Assert.Equal(progress.Values.Order(), progress.Values);
    }

    private sealed class Recorder : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value) => Values.Add(value);
    }
}
