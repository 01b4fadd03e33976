using ActorTunnel.Engine.Net;

namespace ActorTunnel.Engine.Sessions.Data;

/// <summary>
/// The server's socket is here, the client is behind the channel. The server can see a reset. The client cannot: sshd makes a clean
/// end of whatever closes a channel. So while a broken download's channel is open the client goes on waiting, and it is closed only
/// when the reply that says so (426) is on its way before it, in the same SSH connection.
/// </summary>
internal sealed class LocalServerEnds : DataEnds
{
    public override bool IsClientHere => false;

    public override long BytesDown => Pump?.BytesToChannel ?? 0;

    public override long BytesUp => Pump?.BytesToSocket ?? 0;

    public override void FinishClient() => Pump!.FinishChannel();

    public override void FinishServer() => Pump!.FinishSocket();

    public override void BreakClient(bool endSaysNothing)
    {
        if (endSaysNothing)
            Channel?.Abort();
    }

    public override void BreakServer()
    {
        if (Pump is not null)
            Pump.Reset();
        else if (Socket is not null)
            TcpSocket.Reset(Socket);
    }
}
