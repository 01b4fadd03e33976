using System.Net;

namespace ActorTunnel.Lab.Ftp.Server;

/// <summary>
/// How a transfer ended. <paramref name="Completed"/> only when every byte went through and the peer neither reset the data connection nor
/// lost its control connection; <paramref name="DataPeer"/> is null when the data connection was never made.
/// </summary>
internal sealed record FtpTransferRecord(string Verb, string Path, long Length, bool Completed, IPEndPoint? DataPeer);
