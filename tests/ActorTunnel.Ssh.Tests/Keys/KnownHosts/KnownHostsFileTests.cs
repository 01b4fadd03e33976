using ActorTunnel.Ssh.Interop;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Keys.KnownHosts;

namespace ActorTunnel.Ssh.Tests.Keys.KnownHosts;

public sealed class KnownHostsFileTests
{
    private const int Rounds = 200;

    // Somebody who adds all the time and heeds no lock, as ssh: the kernel alone keeps the lines apart.
    [Fact]
    public async Task No_line_that_is_added_at_the_same_time_is_lost_or_torn()
    {
        using var key = PrivateKey.Generate("ssh-ed25519");
        var path = Path.GetTempFileName();
        for (var round = 0; round < Rounds; round++)
        {
            File.WriteAllText(path, "");
            using var done = new CancellationTokenSource();
            var begun = new TaskCompletionSource();
            var theirs = Task.Run(() => AddComments(path, begun, done.Token));
            await begun.Task;
            new KnownHostsFile(path).Append("h", key.PublicKey);
            await done.CancelAsync();

            var count = await theirs;
            var lines = File.ReadAllLines(path).ToLookup(line => line == "#");
            Assert.Equal(count, lines[true].Count());
            Assert.Equal($"h {key.PublicKey.ToLine()}", Assert.Single(lines[false]));
        }

        File.Delete(path);
    }

    private static int AddComments(string path, TaskCompletionSource begun, CancellationToken done)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        AppendOnly.Set(file.SafeFileHandle);
        var count = 0;
        for (; !done.IsCancellationRequested; count++)
        {
            file.Write("#\n"u8);
            begun.TrySetResult();
        }

        return count;
    }
}
