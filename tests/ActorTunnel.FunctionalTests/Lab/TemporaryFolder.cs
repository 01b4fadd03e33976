namespace ActorTunnel.FunctionalTests.Lab;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("actortunnel-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
