using System.Net;

namespace ActorTunnel.Lab.Ftp.Server;

/// <summary>What sessions tell their server.</summary>
internal interface IFtpServerEvents
{
    void DataConnected(IPEndPoint peer);

    void TransferEnded(FtpTransferRecord transfer);
}
