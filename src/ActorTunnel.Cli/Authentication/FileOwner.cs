using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorTunnel.Cli.Authentication;

/// <summary>Whose a file is, which .NET does not tell.</summary>
internal static partial class FileOwner
{
    private const int EmptyPath = 0x1000;
    private const uint Uid = 8;

    /// <summary>struct statx is 256 bytes on every architecture, with stx_uid at 20 (statx(2)).</summary>
    private const int StatxSize = 256;
    private const int UidOffset = 20;

    /// <summary>The number of this process's user; 0 where users have none.</summary>
    public static uint ThisUser => OperatingSystem.IsLinux() ? EffectiveUser() : 0;

    /// <summary>True when the file belongs to this process's user. Where nobody can tell, it counts as ours: the strict side.</summary>
    public static bool IsThisUser(SafeFileHandle file) => Of(file) is not { } owner || owner == EffectiveUser();

    /// <summary>True when the file belongs to this process's user or the administrator, or nobody can tell.</summary>
    public static bool IsThisUserOrRoot(SafeFileHandle file) => Of(file) is null or 0 || IsThisUser(file);

    private static uint? Of(SafeFileHandle file)
    {
        var result = new byte[StatxSize];
        if (!OperatingSystem.IsLinux() || Statx(file, "", EmptyPath, Uid, result) != 0)
            return null;

        return BitConverter.IsLittleEndian
            ? BinaryPrimitives.ReadUInt32LittleEndian(result.AsSpan(UidOffset))
            : BinaryPrimitives.ReadUInt32BigEndian(result.AsSpan(UidOffset));
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(SafeFileHandle file, string path, int flags, uint mask, [Out] byte[] result);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
