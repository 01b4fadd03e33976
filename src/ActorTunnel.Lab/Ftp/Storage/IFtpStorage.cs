namespace ActorTunnel.Lab.Ftp.Storage;

/// <summary>
/// What the server serves. Paths are absolute and normalised (<see cref="FtpPath"/>). A member that cannot do what it is asked throws an
/// <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>, which the server answers with 550.
/// </summary>
internal interface IFtpStorage
{
    FtpEntry? Find(string path);

    IReadOnlyList<FtpEntry> List(string directory);

    Stream OpenRead(string path, long offset);

    /// <summary>Starts an upload: offset 0 replaces the file, an offset within it keeps what is before.</summary>
    IFtpUpload OpenWrite(string path, long offset);

    void CreateDirectory(string path);

    void DeleteDirectory(string path);

    void DeleteFile(string path);

    void Rename(string from, string to);
}
