using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorTunnel.Ssh.Interop;

/// <summary>
/// O_APPEND, which .NET has no word for: its FileMode.Append looks for the end once and then writes at that offset, over whatever
/// another process has added meanwhile. With O_APPEND the kernel finds the end and writes there in one step.
/// </summary>
public static partial class AppendOnly
{
    // fcntl.h, the same on every architecture of Linux that .NET knows.
    private const int SetStatusFlags = 4;
    private const int Append = 0x400;

    /// <summary>From now on every write goes to the end. Elsewhere than on Linux nothing happens.</summary>
    public static void Set(SafeFileHandle file)
    {
        if (OperatingSystem.IsLinux() && Control(file, SetStatusFlags, Append) != 0)
            throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, int argument);
}
