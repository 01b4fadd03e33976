namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>The programs that stand on the two sides of the tunnel; nothing here is simulated.</summary>
internal static class RealParts
{
    /// <summary>The one that the package below is for.</summary>
    public const string Python = "/usr/bin/python3";

    private const string PySocks = "/usr/lib/python3/dist-packages/socks.py";
    private const string Pyftpdlib = "/usr/lib/python3/dist-packages/pyftpdlib";

    private static readonly string[] _programs =
    [
        "sshd", "ssh", "ssh-keygen", "ssh-agent", "ssh-add", "vsftpd", "curl", "lftp", "tnftp", "ip", "bash", "dropbear", "dropbearkey",
        "unshare", "setpriv", "tinyproxy", "microsocks", "systemd-analyze", "proxychains4", "proftpd", "pure-ftpd",
        Python, PySocks, Pyftpdlib,
    ];

    /// <summary>What this machine lacks, in one line; null if it has everything.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>A build server must never pass because it lacks a program; a developer's machine may.</summary>
    public static string? SkipReason => IsBuildServer ? null : Missing;

    public static bool IsBuildServer { get; } = System.Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>True in the run without a limit of time (<c>tests/run --all</c>).</summary>
    public static bool AllCases => System.Environment.GetEnvironmentVariable("ACTORTUNNEL_ALL_TESTS") == "1";

    /// <summary>The full path of a program. sshd wants to be called by it.</summary>
    public static string PathOf(string program) =>
        Find(program) ?? throw new InvalidOperationException(Missing ?? $"{program} is not installed");

    private static string? FindMissing()
    {
        if (!OperatingSystem.IsLinux())
            return "the functional tests need Linux";
        var missing = _programs.Where(program => Find(program) is null).ToArray();
        return missing.Length == 0 ? null : $"not installed: {string.Join(", ", missing)}; tests/run as root on Debian installs them";
    }

    private static string? Find(string program) =>
        $"{System.Environment.GetEnvironmentVariable("PATH")}:/usr/local/sbin:/usr/sbin:/sbin"
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(Path.Exists);
}

/// <summary>A test with real servers and clients.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealPartsFactAttribute : FactAttribute
{
    public RealPartsFactAttribute() => Skip = RealParts.SkipReason;
}

/// <summary>A theory with real servers and clients.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealPartsTheoryAttribute : TheoryAttribute
{
    public RealPartsTheoryAttribute() => Skip = RealParts.SkipReason;
}

/// <summary>A test with FTP servers that confine anonymous clients by chroot, which takes root.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ConfiningServersFactAttribute : FactAttribute
{
    public ConfiningServersFactAttribute() => Skip = ConfiningServersTheoryAttribute.SkipReason;
}

/// <summary>A theory with FTP servers that confine anonymous clients by chroot, which takes root.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ConfiningServersTheoryAttribute : TheoryAttribute
{
    public ConfiningServersTheoryAttribute() => Skip = SkipReason;

    internal static string? SkipReason =>
        RealParts.SkipReason ?? (System.Environment.IsPrivilegedProcess ? null : "ProFTPD and Pure-FTPd confine clients as root only");
}
