using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using ActorTunnel.Ssh;

namespace ActorTunnel.Cli.Authentication;

/// <summary>
/// A program that prints the password in the first line, run for each login, without a shell. What it writes to standard error is not
/// shown: nobody knows what is in it.
/// </summary>
internal sealed class PasswordCommand(IReadOnlyList<string> command, TimeProvider time)
{
    /// <summary>Then it is killed, with all that it has started.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>What is this process's own; a program that took them for its own would answer systemd in our name.</summary>
    private static readonly string[] _ours =
        [UnattendedPassword.Variable, "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"];

    /// <inheritdoc cref="PasswordSource"/>
    public async ValueTask<byte[]> RunAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var process = Start();
        var output = GC.AllocateArray<byte>(UnattendedPassword.MaxLength + 2, pinned: true); // CR and LF behind the longest
        try
        {
            process.StandardInput.Close();
            var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, either.Token);
            var length = await ReadLineAsync(process.StandardOutput.BaseStream, output, either.Token);
            await process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, either.Token);
            await errors;
            await process.WaitForExitAsync(either.Token);
            if (process.ExitCode != 0)
                throw Unusable($"ended with exit code {process.ExitCode}");
            return length is > 0 and <= UnattendedPassword.MaxLength
                ? output[..length]
                : throw Unusable($"must print a password of 1 to {UnattendedPassword.MaxLength} bytes in its first line");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw Unusable($"has not ended within {Limit.TotalSeconds:0} s, and was killed");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(output);
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in _ours)
            start.Environment.Remove(variable);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw Unusable($"cannot be started: {exception.Message}", exception);
        }
    }

    /// <returns>How long the first line is, without its end; more than the limit when it does not end within.</returns>
    private static async Task<int> ReadLineAsync(Stream stream, byte[] line, CancellationToken cancellationToken)
    {
        var length = 0;
        while (length < line.Length && line.AsSpan(0, length).IndexOf((byte)'\n') < 0)
        {
            var read = await stream.ReadAsync(line.AsMemory(length), cancellationToken);
            if (read == 0)
                break;
            length += read;
        }

        var end = line.AsSpan(0, length).IndexOf((byte)'\n');
        return line.AsSpan(0, end < 0 ? length : end).TrimEnd((byte)'\r').Length;
    }

    // The program's name alone: an argument may be something that is nobody's business.
    private SshException Unusable(string what, Exception? cause = null) =>
        new(SshFailure.CredentialUnusable, $"the password command {command[0]} {what}", cause);
}
