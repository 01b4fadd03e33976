namespace ActorTunnel.Engine.Sessions.Data;

/// <summary>
/// What a session's data connections have carried, for its idle timer to ask: written by whichever data channel is the latest, read by the
/// control channel.
/// </summary>
internal sealed class DataMeter
{
    private DataEnds? _latest;

    /// <summary>Of the latest data connection, both ways. Another number than the last time: something was carried.</summary>
    public long Bytes => Volatile.Read(ref _latest) is { } ends ? ends.BytesDown + ends.BytesUp : 0;

    /// <summary>From now on these are the latest.</summary>
    public void Read(DataEnds ends) => Volatile.Write(ref _latest, ends);
}
