using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ActorTunnel.Cli.Terminals;

/// <summary>The three calls of termios(3) and poll(2) that .NET has no words for. Linux on every architecture but Alpha.</summary>
internal static partial class TerminalSystem
{
    /// <summary>Room for a <c>struct termios</c>; the kernel's and glibc's have at most 60 bytes.</summary>
    private const int AttributesSize = 128;

    /// <summary>Where <c>c_lflag</c> is: behind c_iflag, c_oflag and c_cflag, 32 bits each.</summary>
    private const int LocalFlags = 12;

    private const byte Echo = 0x08;
    private const byte EchoNewline = 0x40;
    private const int DiscardInput = 2;
    private const short PollIn = 1;
    private const int Interrupted = 4;

    /// <summary>The attributes of a terminal, as they are to be set again.</summary>
    public static byte[] GetAttributes(SafeHandle terminal)
    {
        var attributes = new byte[AttributesSize];
        return GetAttributes(terminal, attributes) == 0 ? attributes : throw new IOException(LastError());
    }

    /// <summary>Sets attributes and drops what was typed before: it was not meant as the answer.</summary>
    public static void SetAttributes(SafeHandle terminal, byte[] attributes)
    {
        if (SetAttributes(terminal, DiscardInput, attributes) != 0)
            throw new IOException(LastError());
    }

    /// <summary>The same attributes without echo of what is typed; the line break stays visible.</summary>
    public static byte[] WithoutEcho(byte[] attributes)
    {
        var silent = (byte[])attributes.Clone();
        silent[BitConverter.IsLittleEndian ? LocalFlags : LocalFlags + 3] &= unchecked((byte)~Echo);
        silent[BitConverter.IsLittleEndian ? LocalFlags : LocalFlags + 3] |= EchoNewline;
        return silent;
    }

    /// <summary>Whether a line is there to be read, or the terminal is gone, within the time given.</summary>
    public static bool WaitForLine(SafeHandle terminal, TimeSpan time)
    {
        var added = false;
        try
        {
            terminal.DangerousAddRef(ref added);
            var poll = new PollDescriptor { Descriptor = (int)terminal.DangerousGetHandle(), Events = PollIn };
            var ready = Poll(ref poll, 1, (int)time.TotalMilliseconds);
            return ready >= 0 || Marshal.GetLastPInvokeError() == Interrupted ? ready > 0 : throw new IOException(LastError());
        }
        finally
        {
            if (added)
                terminal.DangerousRelease();
        }
    }

    private static string LastError() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static partial int GetAttributes(SafeHandle terminal, [Out] byte[] attributes);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static partial int SetAttributes(SafeHandle terminal, int when, byte[] attributes);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
