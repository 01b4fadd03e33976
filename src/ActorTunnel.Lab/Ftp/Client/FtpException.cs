namespace ActorTunnel.Lab.Ftp.Client;

/// <summary>The server said no, or something that makes no sense.</summary>
internal sealed class FtpException(int code, string message) : IOException(message)
{
    /// <summary>The reply's code; 0 when the server's words are not understood.</summary>
    public int Code => code;
}
