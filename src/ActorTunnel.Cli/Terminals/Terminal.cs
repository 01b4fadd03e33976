using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ActorTunnel.Cli.Terminals;

/// <summary>
/// The controlling terminal of the process, whatever standard input and output are: as ssh, questions go to <c>/dev/tty</c>.
/// </summary>
internal sealed class Terminal : ITerminal, IDisposable
{
    private const string ControllingTerminal = "/dev/tty";

    /// <summary>The longest answer in bytes; a terminal in line mode gives no more at once (termios(3), "canonical mode").</summary>
    private const int MaxAnswer = 4096;

    /// <summary>How late a question notices that nobody needs its answer any more.</summary>
    private static readonly TimeSpan _cancellationCheck = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _stream;
    private readonly SemaphoreSlim _oneQuestion = new(1, 1);

    private Terminal(FileStream stream) => _stream = stream;

    private SafeFileHandle Handle => _stream.SafeFileHandle;

    /// <summary>Opens the terminal; null when the process has none: then nothing is asked.</summary>
    public static Terminal? TryOpen(string path = ControllingTerminal)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            // Unbuffered: no copy of a typed secret stays behind in the stream.
            return new Terminal(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // ENXIO: the process has no controlling terminal (a service, cron, a container).
            return null;
        }
    }

    public void Say(string text) => _stream.Write(Encoding.UTF8.GetBytes(text + "\n"));

    public async ValueTask<byte[]?> AskAsync(string prompt, bool echo, CancellationToken cancellationToken)
    {
        await _oneQuestion.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Ask(prompt, echo, cancellationToken), cancellationToken);
        }
        catch (IOException)
        {
            // The terminal was closed: nobody is there to answer, which is what null says.
            return null;
        }
        finally
        {
            _oneQuestion.Release();
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _oneQuestion.Dispose();
    }

    private byte[]? Ask(string prompt, bool echo, CancellationToken cancellationToken)
    {
        if (echo)
        {
            _stream.Write(Encoding.UTF8.GetBytes(prompt));
            return ReadLine(cancellationToken);
        }

        var attributes = TerminalSystem.GetAttributes(Handle);
        TerminalSystem.SetAttributes(Handle, TerminalSystem.WithoutEcho(attributes));
        try
        {
            _stream.Write(Encoding.UTF8.GetBytes(prompt));
            return ReadLine(cancellationToken);
        }
        finally
        {
            TerminalSystem.SetAttributes(Handle, attributes);
        }
    }

    private byte[]? ReadLine(CancellationToken cancellationToken)
    {
        var buffer = GC.AllocateArray<byte>(MaxAnswer, pinned: true);
        try
        {
            while (!TerminalSystem.WaitForLine(Handle, _cancellationCheck))
                cancellationToken.ThrowIfCancellationRequested();

            var length = _stream.Read(buffer);
            return length == 0 ? null : buffer.AsSpan(0, length).TrimEnd("\r\n"u8).ToArray();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }
}
