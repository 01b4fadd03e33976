using System.Runtime.Versioning;
using ActorTunnel.Ssh.Interop;

namespace ActorTunnel.Ssh.Tests.Interop;

public sealed class AppendOnlyTests
{
    [Fact]
    [SupportedOSPlatform("linux")]
    public void What_others_add_after_the_end_was_looked_for_is_not_overwritten()
    {
        var path = Path.GetTempFileName();
        using (var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            AppendOnly.Set(file.SafeFileHandle);
            using (var other = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
                other.Write("theirs\n"u8);
            file.Write("ours\n"u8);
        }

        Assert.Equal("theirs\nours\n", File.ReadAllText(path));
        File.Delete(path);
    }
}
