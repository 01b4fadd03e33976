using System.Security.Cryptography;
using ActorTunnel.Lab.Ftp.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.FunctionalTests.Lab;

public sealed class GeneratedContentTests
{
    private const int Size = 10_000;

    [Fact]
    public void Any_part_equals_that_part_of_the_whole()
    {
        var content = new GeneratedContent("/f", Size);
        var whole = new byte[Size];
        content.Fill(0, whole);
        Prop.ForAll(Gen.Choose(0, Size).Two().ToArbitrary(), ends =>
        {
            var (start, end) = (Math.Min(ends.Item1, ends.Item2), Math.Max(ends.Item1, ends.Item2));
            var part = new byte[end - start];
            content.Fill(start, part);
            return part.AsSpan().SequenceEqual(whole.AsSpan(start..end));
        }).Check(Seeded.Cases);
        Assert.Equal(SHA256.HashData(whole), content.Sha256());
    }

    [Fact]
    public void Names_differ_in_every_block()
    {
        var (a, b) = (new byte[Size], new byte[Size]);
        new GeneratedContent("/a", Size).Fill(0, a);
        new GeneratedContent("/b", Size).Fill(0, b);
        Assert.All(a.Chunk(100).Zip(b.Chunk(100)), pair => Assert.NotEqual(pair.First, pair.Second));
    }

    [Fact]
    public void The_stream_ends_at_the_length()
    {
        using var stream = new GeneratedStream(new GeneratedContent("/f", 1L << 40)) { Position = (1L << 40) - 3 };
        Assert.Equal(3, stream.Read(new byte[10]));
        Assert.Equal(0, stream.Read(new byte[10]));
    }

    [Fact]
    public void The_storage_takes_no_more_than_its_entries()
    {
        var storage = new GeneratedStorage(TimeProvider.System);
        for (var i = 1; i < GeneratedStorage.MaxEntries; i++)
            storage.AddFile($"/{i}", i);
        Assert.Throws<IOException>(() => storage.OpenWrite("/more", 0));
        Assert.Equal(GeneratedStorage.MaxEntries - 1, storage.List("/").Count);
    }

    [Fact]
    public async Task An_upload_goes_on_only_at_its_end_and_one_client_at_a_time()
    {
        var storage = new GeneratedStorage(TimeProvider.System);
        await using (var upload = storage.OpenWrite("/u", 0))
        {
            await upload.WriteAsync(new byte[10], default);
            Assert.Throws<IOException>(() => storage.OpenWrite("/u", 10));
        }

        Assert.False(storage.FindUpload("/u")!.IsComplete);
        Assert.Throws<IOException>(() => storage.OpenWrite("/u", 5));
        await using (var upload = storage.OpenWrite("/u", 10))
        {
            await upload.WriteAsync(new byte[10], default);
            await upload.CompleteAsync();
        }

        Assert.Equal(SHA256.HashData(new byte[20]), storage.FindUpload("/u")!.Sha256);
    }
}
