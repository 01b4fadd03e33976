using System.Net;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Sessions.Data;

/// <summary>Control to data: a transfer command is on its way to the server.</summary>
/// <param name="Command">With its file.</param>
/// <param name="Begun">When: that it waits in a mailbox makes no transfer shorter.</param>
internal sealed record TransferBegins(FtpCommand Command, long Begun)
{
    /// <summary>An upload under a temporary name: the server may see its data end early, the file will not be taken for whole.</summary>
    public bool IsTemporary { get; init; }

    /// <inheritdoc cref="TransferParameters.EndsInBand"/>
    public bool EndsInBand { get; init; }
}

/// <summary>Control to data: the server has begun it (1yz), and expects the data connection to be used.</summary>
internal sealed record TransferStarts
{
    public static TransferStarts Instance { get; } = new();
}

/// <summary>Control to data: where the server listens, which serves an active client by its passive mode.</summary>
internal sealed record ServerListens(PassiveReply Reply);

/// <summary>Control to data: the server's final reply to that command is here, and held back.</summary>
internal sealed record TransferEnds(int Code)
{
    public bool Success => Code / 100 == (int)ReplyKind.Completion;
}

/// <summary>Control to data: the client has asked to abort the transfer in progress.</summary>
internal sealed record TransferAborts
{
    public static TransferAborts Instance { get; } = new();
}

/// <summary>Control to data: the client will send no more commands, and said so by QUIT. What it has sent is complete.</summary>
internal sealed record ClientQuits
{
    public static ClientQuits Instance { get; } = new();
}

/// <summary>Control to data: the client has left without a QUIT, or the session ends for another reason.</summary>
internal sealed record ClientLeft(Failure Failure, string Reason);

/// <summary>
/// Data to control: ready to be announced. Where the one who opens the data connection has to connect to; of one that we open to both
/// sides, where the client is.
/// </summary>
internal sealed record DataReady(IPEndPoint EndPoint);

/// <summary>Data to control: the SSH server does not listen for the FTP server, which therefore cannot connect to anybody.</summary>
internal sealed record ListenerRefused(string Reason);

/// <summary>Data to control: there is no data channel, or no more, and why. Said while no transfer is under way.</summary>
internal sealed record DataUnavailable(Failure Failure, string Reason);

/// <summary>
/// Data to control: the transfer is broken on our side, and the server must hear ABOR. A server that saw only the data connection of an
/// upload close would take the bytes so far for the whole file.
/// </summary>
internal sealed record AbortTransfer
{
    public static AbortTransfer Instance { get; } = new();
}

/// <summary>
/// Data to control: this transfer is over on the data side, with <see cref="Failure.None"/> when every byte arrived. The final reply may
/// go to the client now; a success that is none must not.
/// </summary>
internal sealed record DataDone(Failure Failure, string Reason, bool WasConnected)
{
    /// <summary>Of data that went through.</summary>
    public long Bytes { get; init; }

    /// <summary>The data connection goes on with the next transfer.</summary>
    public bool StaysOpen { get; init; }
}
