using ActorTunnel.Lab.Ftp;

namespace ActorTunnel.Lab.Demo;

/// <summary>One thing the demo does. <paramref name="Size"/> is the file's, in bytes; 0 for a listing.</summary>
internal sealed record DemoStep(DataMode Mode, DemoOperation Operation, long Size);

/// <summary>What a <see cref="DemoStep"/> does.</summary>
internal enum DemoOperation
{
    /// <summary>Lists the directory and compares names and sizes.</summary>
    List,

    /// <summary>Downloads a file and compares its SHA-256 with the server's.</summary>
    Download,

    /// <summary>Uploads a file and compares its SHA-256 with what the server received.</summary>
    Upload,
}
