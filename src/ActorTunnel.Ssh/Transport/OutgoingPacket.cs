using System.Buffers;
using System.Security.Cryptography;
using ActorTunnel.Ssh.Protection;

namespace ActorTunnel.Ssh.Transport;

/// <summary>Under which key the packets go that follow SSH_MSG_NEWKEYS.</summary>
internal sealed record SendKeyChange(IPacketSealer Sealer, bool ResetSequenceNumber);

/// <summary>
/// A payload that waits in the send queue. Its buffer comes from the shared pool and goes back when the payload has been copied for
/// sealing; it belongs to the queue until it is taken out, then to the send loop.
/// </summary>
/// <param name="Buffer">Holds the payload from its start.</param>
/// <param name="Length">Bytes of payload.</param>
/// <param name="IsData">The buffer is a rented slot.</param>
/// <param name="KeyChange">Set on SSH_MSG_NEWKEYS.</param>
internal readonly record struct OutgoingPacket(byte[] Buffer, int Length, bool IsData, SendKeyChange? KeyChange)
{
    public ReadOnlySpan<byte> Payload => Buffer.AsSpan(0, Length);

    /// <summary>Messages may hold a password, so all are wiped: they are small. Data slots are not.</summary>
    public void ReturnMessage()
    {
        CryptographicOperations.ZeroMemory(Buffer.AsSpan(0, Length));
        ArrayPool<byte>.Shared.Return(Buffer);
    }
}
