namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>
/// A folder of this run, with everything in it gone at the end. Others may enter it: vsftpd does so as a user of its own.
/// </summary>
public sealed class TemporaryFolder : IDisposable
{
    private const UnixFileMode OpenToAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public TemporaryFolder()
    {
        FullName = Directory.CreateTempSubdirectory("actortunnel-").FullName;
        File.SetUnixFileMode(FullName, OpenToAll);
    }

    public string FullName { get; }

    /// <summary>The path of a file here that may not exist yet.</summary>
    public string PathOf(string name) => Path.Combine(FullName, name);

    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
