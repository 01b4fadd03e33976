using ActorTunnel.Engine.Net;

namespace ActorTunnel.Engine.Sessions.Data;

/// <summary>The client's socket is here, the server is behind the channel. The client can see a reset, the server cannot.</summary>
internal sealed class LocalClientEnds : DataEnds
{
    public override bool IsClientHere => true;

    public override long BytesDown => Pump?.BytesToSocket ?? 0;

    public override long BytesUp => Pump?.BytesToChannel ?? 0;

    public override void FinishClient() => Pump!.FinishSocket();

    public override void FinishServer() => Pump!.FinishChannel();

    public override void BreakClient(bool endSaysNothing)
    {
        if (Pump is not null)
            Pump.Reset();
        else if (Socket is not null)
            TcpSocket.Reset(Socket);
    }

    public override void BreakServer() => Channel?.Abort();
}
