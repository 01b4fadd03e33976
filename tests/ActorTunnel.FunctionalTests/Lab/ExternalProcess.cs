using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace ActorTunnel.FunctionalTests.Lab;

/// <summary>A real client or server that a test runs; killed with its children when the test is done with it.</summary>
internal sealed class ExternalProcess : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ExternalProcess(Process process) => _process = process;

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static ExternalProcess Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // No proxy and no settings of the person who runs the tests.
        foreach (var name in start.Environment.Keys.Where(name => name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["HOME"] = Path.GetTempPath();
        start.Environment["LC_ALL"] = "C.UTF-8";

        var external = new ExternalProcess(new Process { StartInfo = start });
        external._process.OutputDataReceived += external.Collect;
        external._process.ErrorDataReceived += external.Collect;
        try
        {
            external._process.Start();
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{program} is not installed; tests/run installs it.", e);
        }

        external._process.BeginOutputReadLine();
        external._process.BeginErrorReadLine();
        return external;
    }

    /// <summary>Runs to the end, which has to be a success. Returns what it printed.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var external = Start(program, arguments);
        var code = await external.WaitAsync();
        Assert.True(code == 0, $"{program} ended with {code}: {external.Output}");
        return external.Output;
    }

    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(_patience);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: the process has no chance to say anything.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private void Collect(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
            _output.AppendLine(line.Data);
    }
}
