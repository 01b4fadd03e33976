using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ActorTunnel.Lab.Ftp.Client;

/// <summary>
/// An FTP client that believes nothing but the protocol: a transfer counts when its data connection ended in order and the server said
/// 226 or 250. A transfer that is given up before its final reply (cancelled, timed out, no room for the file) ends the session.
/// </summary>
internal sealed class FtpClient : IAsyncDisposable
{
    private readonly FtpClientOptions _options;
    private readonly ControlDialogue _dialogue;
    private readonly DataPortNegotiation _dataPorts;

    /// <summary>Sends or receives all of a file, showing each block to the handler.</summary>
    private delegate Task<long> DataMover(DataSocket data, BlockHandler onBlock, CancellationToken cancellationToken);

    private FtpClient(FtpClientOptions options, ControlDialogue dialogue)
    {
        _options = options;
        _dialogue = dialogue;
        _dataPorts = new DataPortNegotiation(dialogue);
    }

    /// <summary>Connects, logs in and asks for binary transfers.</summary>
    /// <exception cref="IOException">The server said no (<see cref="FtpException"/>) or went away.</exception>
    /// <exception cref="SocketException">There is no connection to the server.</exception>
    public static async Task<FtpClient> ConnectAsync(FtpClientOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(options.Server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(options.Server, cancellationToken);
            var dialogue = new ControlDialogue(new ControlConnection(socket), options.Timeout, options.Time);
            await dialogue.ReadFinalAsync(cancellationToken);
            if ((await dialogue.SendAsync($"USER {options.User}", cancellationToken)).Code == 331)
                await dialogue.SendAsync($"PASS {options.Password}", cancellationToken);
            await dialogue.SendAsync("TYPE I", cancellationToken);
            return new FtpClient(options, dialogue);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a command that needs no data connection. Returns its final reply, 2yz or 3yz.</summary>
    public async Task<string> SendAsync(string command, CancellationToken cancellationToken)
    {
        var reply = await _dialogue.SendAsync(command, cancellationToken);
        return Encoding.UTF8.GetString(reply.Bytes.Span).TrimEnd();
    }

    /// <summary>The lines of LIST.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken)
    {
        using var listing = new MemoryStream();
        await ReceiveAsync($"LIST {path}".TrimEnd(), 0, listing, null, cancellationToken);
        return Encoding.UTF8.GetString(listing.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Downloads a file, from an offset if it is to be resumed. Progress counts the bytes of this transfer.</summary>
    /// <exception cref="IOException">The file did not come whole.</exception>
    public Task<TransferResult> DownloadAsync(
        string path, Stream destination, long offset, IProgress<long>? progress, CancellationToken cancellationToken) =>
        ReceiveAsync($"RETR {path}", offset, destination, progress, cancellationToken);

    /// <summary>Uploads a file, from an offset if it is to be resumed; the source stands at that offset.</summary>
    /// <exception cref="IOException">The server did not take it whole.</exception>
    public Task<TransferResult> UploadAsync(
        string path, Stream source, long offset, IProgress<long>? progress, CancellationToken cancellationToken) =>
        TransferAsync(
            $"STOR {path}", offset, (data, onBlock, token) => data.SendAsync(source, onBlock, token), progress, cancellationToken);

    /// <summary>Takes leave in order; disposing alone just closes.</summary>
    public Task QuitAsync(CancellationToken cancellationToken) => _dialogue.SendAsync("QUIT", cancellationToken);

    public ValueTask DisposeAsync()
    {
        _dialogue.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<TransferResult> ReceiveAsync(
        string command, long offset, Stream destination, IProgress<long>? progress, CancellationToken cancellationToken) =>
        TransferAsync(
            command,
            offset,
            (data, onBlock, token) => data.ReceiveAsync(
                async (block, inner) =>
                {
                    await onBlock(block, inner);
                    await destination.WriteAsync(block, inner);
                },
                token),
            progress,
            cancellationToken);

    /// <summary>RFC 959 section 5.4: [REST], the port, the command; 1yz; the data; 226 or 250.</summary>
    private async Task<TransferResult> TransferAsync(
        string command, long offset, DataMover move, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var moved = 0L;
        ValueTask OnBlock(ReadOnlyMemory<byte> block, CancellationToken token)
        {
            hash.AppendData(block.Span);
            progress?.Report(moved += block.Length);
            return ValueTask.CompletedTask;
        }

        try
        {
            using var port = await _dataPorts.AskAsync(_options.Mode, cancellationToken);
            if (offset > 0)
                await _dialogue.SendAsync($"REST {offset}", cancellationToken);

            // A passive connection is made before the command and an active one after its 150: every server does either.
            using var early = port is DialingDataPort ? await OpenAsync(port, cancellationToken) : null;
            await _dialogue.SendForPreliminaryAsync(command, cancellationToken);
            using var data = early ?? await OpenAsync(port, cancellationToken);

            var length = await MoveAsync(data, OnBlock, move, cancellationToken);
            var final = await _dialogue.ReadFinalAsync(cancellationToken);
            if (final.Code is not (226 or 250))
                throw new FtpException(final.Code, $"The server ended the transfer with {final.Code}.");
            return new TransferResult(length, hash.GetHashAndReset());
        }
        finally
        {
            if (_dialogue.IsWaiting)
                _dialogue.Dispose();
        }
    }

    private Task<DataSocket> OpenAsync(DataPort port, CancellationToken cancellationToken) =>
        port.OpenAsync(_options.Timeout, _options.Time, cancellationToken);

    /// <summary>When the data connection breaks, the server still says how the transfer ended; its reason is the better one.</summary>
    private async Task<long> MoveAsync(DataSocket data, BlockHandler onBlock, DataMover move, CancellationToken cancellationToken)
    {
        try
        {
            return await move(data, onBlock, cancellationToken);
        }
        catch (DataConnectionException)
        {
            data.Dispose();
            await _dialogue.ReadFinalAsync(cancellationToken);
            throw;
        }
    }
}
