using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>Somebody who may log in, by SSH and by FTP with the same password.</summary>
public sealed record Account(string Name, string Password);

/// <summary>
/// Accounts of their own for the programs of a machine: they see other files at the places of passwd(5), shadow(5) and the rules of PAM,
/// and nobody else does. Each account has an SSH key too.
/// </summary>
public sealed class Accounts : IDisposable
{
    private const int FirstId = 41000;

    // nodelay: without it each wrong password takes two seconds.
    private static readonly string[] _pam =
        ["auth required pam_unix.so nodelay", "account required pam_unix.so", "session required pam_permit.so"];

    private readonly TemporaryFolder _folder = new();
    private readonly string _authorizedKeys;
    private readonly (string File, string Place)[] _files;

    public Accounts(params IReadOnlyList<Account> accounts)
    {
        All = accounts;
        _authorizedKeys = Directory.CreateDirectory(_folder.PathOf("authorized-keys")).FullName;
        foreach (var account in accounts)
        {
            var key = SshKeys.Create(_folder, account.Name);
            File.Copy($"{key}.pub", Path.Combine(_authorizedKeys, account.Name));
        }

        _files =
        [
            Extend("/etc/passwd", (account, id) => $"{account.Name}:x:{id}:{id}::{_folder.FullName}:/bin/sh"),
            Extend("/etc/group", (account, id) => $"{account.Name}:x:{id}:"),
            Extend("/etc/shadow", (account, _) => $"{account.Name}:{Crypt(account.Password)}:20000:0:99999:7:::"),
            Replace("/etc/pam.d/sshd", _pam),
            Replace("/etc/pam.d/vsftpd", _pam),
        ];
    }

    /// <summary>Why there can be none here; null when there can, and on a build server, which must never pass without.</summary>
    public static string? SkipReason { get; } = RealParts.IsBuildServer ? null : RealParts.SkipReason
        ?? (!System.Environment.IsPrivilegedProcess ? "accounts for tests can be made by root only"
            : CanMount() ? null : "accounts for tests take the right to mount");

    public IReadOnlyList<Account> All { get; }

    /// <summary>Lines of vsftpd.conf: the accounts log in, each to a folder of its own in the server's folder of files.</summary>
    public static string[] FtpSettings { get; } =
    [
        "anonymous_enable=NO", "local_enable=YES", "pam_service_name=vsftpd", "chroot_local_user=YES", "allow_writeable_chroot=YES",
    ];

    /// <summary>Lines of sshd_config: the accounts log in by password or by their keys.</summary>
    public string[] SshSettings =>
    [
        $"AuthorizedKeysFile {_authorizedKeys}/%u", "UsePAM yes", "PasswordAuthentication yes", "PermitRootLogin no",
    ];

    /// <summary>The private key of an account.</summary>
    public string KeyOf(Account account) => _folder.PathOf(account.Name);

    /// <summary>The same machine with these accounts.</summary>
    public Machine On(Machine machine) => machine.With(_files);

    /// <summary>An FTP server that the accounts may log in to, with a folder for each of them.</summary>
    public async Task<VsftpdServer> StartFtpAsync(Machine machine, System.Net.IPEndPoint endPoint, params string[] settings)
    {
        var server = await VsftpdServer.StartAsync(On(machine), endPoint, [.. FtpSettings, .. settings]);
        for (var i = 0; i < All.Count; i++)
            Own(Directory.CreateDirectory(server.PathOf(All[i].Name)).FullName, FirstId + i);
        return server;
    }

    public void Dispose() => _folder.Dispose();

    private static bool CanMount()
    {
        using var process = System.Diagnostics.Process.Start(RealParts.PathOf("unshare"), ["-m", "true"]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private (string File, string Place) Extend(string place, Func<Account, int, string> line) =>
        Replace(place, File.ReadLines(place).Concat(All.Select((account, i) => line(account, FirstId + i))));

    private (string File, string Place) Replace(string place, IEnumerable<string> lines)
    {
        var file = _folder.PathOf(place.Replace('/', '-'));
        File.WriteAllLines(file, lines);
        return (file, place);
    }

    private static void Own(string path, int id)
    {
        if (ChangeOwner(path, id, id) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    // The fewest rounds that crypt(5) takes: many log in at once here.
    private static string Crypt(string password) => Marshal.PtrToStringUTF8(Crypt(password, "$6$rounds=1000$actortunnel$"))!;

    // crypt(3): the text is overwritten by the next call.
    [DllImport("libcrypt.so.1", EntryPoint = "crypt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Crypt(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string password, [MarshalAs(UnmanagedType.LPUTF8Str)] string settings);

    [DllImport("libc", EntryPoint = "chown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int owner, int group);
}

/// <summary>A test with accounts.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AccountsFactAttribute : FactAttribute
{
    public AccountsFactAttribute() => Skip = Accounts.SkipReason;
}

/// <summary>A theory with accounts.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AccountsTheoryAttribute : TheoryAttribute
{
    public AccountsTheoryAttribute() => Skip = Accounts.SkipReason;
}
