using System.Diagnostics;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>Other people's programs that tests start.</summary>
internal static class StartedProcess
{
    /// <summary>Starts it and waits for what it says on stderr; one that does not come to that is not left behind.</summary>
    public static async Task StartAsync(this Process process, Task ready)
    {
        process.Start();
        process.BeginErrorReadLine();
        try
        {
            await ready.WaitAsync(MemoryPair.Bound);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw;
        }
    }
}
