using ActorTunnel.Cli.Authentication;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;
using ActorTunnel.Cli.Terminals;
using ActorTunnel.Engine;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Cli;

/// <summary><c>actortunnel forward</c>: ports through one SSH server, until a signal comes.</summary>
internal sealed class ForwardCommand(TimeProvider time) : ICommand
{
    /// <summary>What transfers in progress get after the first signal.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public string Name => "forward";

    public string Summary => "forward ports through SSH, FTP with all its data connections";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandOutput output)
    {
        var forward = ForwardArguments.Parse(arguments);
        output.Verbosity = forward.Verbosity;
        if (forward.Help || forward.Version)
        {
            output.Result.WriteLine(forward.Help ? ForwardHelp.Text : ProductVersion.Line);
            return Failure.None.ExitCode();
        }

        using var signals = new StopSignals();
        try
        {
            return await RunAsync(forward, output, signals);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            // Stopped on request, so there is nothing to report; but what was asked for did not come to be.
            return Failure.Shutdown.ExitCode();
        }
    }

    private async Task<int> RunAsync(ForwardArguments arguments, CommandOutput output, StopSignals signals)
    {
        using var terminal = Terminal.TryOpen();
        using var secrets = new RememberedSecrets();
        using var password = UnattendedPassword.Read(arguments.PasswordFile);
        using var loggers = new LineLoggerFactory(output.Error, arguments.Verbosity, time);
        var forwards = new ForwardProfile(arguments, terminal, secrets, output);
        var profile = await forwards.BuildAsync(password, signals.Stop);

        await using var engine = new TunnelEngine(profile, loggers, time);
        await engine.ConnectAsync(signals.Stop);
        await OpenListenersAsync(engine, forwards.Forwards(), forwards.RemoteForwards(), profile, output, signals.Stop);

        await signals.Requested;
        await engine.StopAsync(Grace).WaitAsync(signals.StopAtOnce);
        return Failure.None.ExitCode();
    }

    /// <summary>Nothing is printed before all listeners are open: who reads a line can rely on each of them.</summary>
    private static async Task OpenListenersAsync(
        TunnelEngine engine,
        IReadOnlyList<ForwardOptions> forwards,
        IReadOnlyList<RemoteForwardOptions> remoteForwards,
        TunnelProfile profile,
        CommandOutput output,
        CancellationToken stop)
    {
        var lines = new List<string>();
        foreach (var forward in forwards)
        {
            var listeners = await engine.ForwardAsync(forward, stop);
            lines.AddRange(listeners.Select(listener => ReadyLine.Of(forward, listener, profile)));
        }

        foreach (var forward in remoteForwards)
            lines.Add(ReadyLine.Of(forward, await engine.ForwardRemoteAsync(forward, stop), profile));
        lines.ForEach(output.Result.WriteLine);
    }
}
