using System.Diagnostics;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>A running program, its output kept line by line. Nothing of it outlives this object, children included.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan _killLimit = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly ProcessLog _output = new();
    private readonly ProcessLog _errors = new();

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public ProcessLog Output => _output;

    public ProcessLog Errors => _errors;

    public StreamWriter Input => _process.StandardInput;

    public static ChildProcess Start(ProcessStartInfo command)
    {
        command.RedirectStandardInput = true;
        command.RedirectStandardOutput = true;
        command.RedirectStandardError = true;
        var child = new ChildProcess(new Process { StartInfo = command });
        child._process.OutputDataReceived += (_, line) => child._output.Add(line.Data);
        child._process.ErrorDataReceived += (_, line) => child._errors.Add(line.Data);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        child._process.StandardInput.AutoFlush = true;
        return child;
    }

    /// <summary>Waits for the end without another word on its input.</summary>
    public async Task<Outcome> ToEndAsync(TimeSpan limit)
    {
        _process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(
                $"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} did not end in {limit}: "
                + string.Join(System.Environment.NewLine, _output.Lines.Concat(_errors.Lines)));
        }

        return new Outcome(_process.ExitCode, _output.Lines, _errors.Lines);
    }

    /// <summary>Sends a signal by its name, as in kill(1).</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("/bin/kill", ["-s", signal, _process.Id.ToString(null as IFormatProvider)]);
        await kill.WaitForExitAsync().WaitAsync(_killLimit);
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Kills the program and all its children with SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().WaitAsync(_killLimit);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }
}
