using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ActorTunnel.FunctionalTests.CommandLine;

/// <summary>A terminal of the system (pty(7)) whose keyboard and screen are in the test's hands.</summary>
internal sealed class PseudoTerminal : IDisposable
{
    private const int ReadWriteWithoutControl = 0x2 | 0x100;

    private readonly FileStream _master;

    // Held open, because a terminal that no program has open fails every read of its other end.
    private readonly SafeFileHandle _device;
    private readonly StringBuilder _screen = new();

    public PseudoTerminal()
    {
        var master = OpenMaster(ReadWriteWithoutControl);
        Assert.True(master >= 0 && Grant(master) == 0 && Unlock(master) == 0);
        var name = new byte[64];
        Assert.Equal(0, GetName(master, name, (nuint)name.Length));
        Path = Encoding.ASCII.GetString(name.AsSpan(0, name.AsSpan().IndexOf((byte)0)));
        _device = Open(Path, ReadWriteWithoutControl);
        Assert.False(_device.IsInvalid);
        _master = new FileStream(new SafeFileHandle(master, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0);
    }

    /// <summary>The device that a program opens.</summary>
    public string Path { get; }

    public void Type(string text) => _master.Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Waits until the screen shows the text, and returns all that was shown up to then, once.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        await Task.Run(() =>
        {
            var buffer = new byte[256];
            while (!_screen.ToString().Contains(text, StringComparison.Ordinal))
                _screen.Append(Encoding.UTF8.GetString(buffer.AsSpan(0, _master.Read(buffer))));
        }).WaitAsync(TimeSpan.FromSeconds(20));
        var shown = _screen.ToString();
        _screen.Clear();
        return shown;
    }

    public void Dispose()
    {
        _device.Dispose();
        _master.Dispose();
    }

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern SafeFileHandle Open(string path, int flags);

    [DllImport("libc", EntryPoint = "posix_openpt")]
    private static extern int OpenMaster(int flags);

    [DllImport("libc", EntryPoint = "grantpt")]
    private static extern int Grant(int master);

    [DllImport("libc", EntryPoint = "unlockpt")]
    private static extern int Unlock(int master);

    [DllImport("libc", EntryPoint = "ptsname_r")]
    private static extern int GetName(int master, byte[] name, nuint size);
}
