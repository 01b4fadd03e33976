using ActorTunnel.Cli.Authentication;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;
using ActorTunnel.Cli.SshConfig;
using ActorTunnel.Cli.Terminals;
using ActorTunnel.Engine;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Cli;

/// <summary><c>actortunnel forward</c>: ports through one SSH server, until a signal comes.</summary>
internal sealed class ForwardCommand(TimeProvider time) : ICommand
{
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

        foreach (var keyword in forward.Unused)
            output.Report($"-o {keyword} means nothing here and is left out");
        var resolver = new SettingsResolver(LocalUser.Current, ConfigSource.For(LocalUser.Current, forward.ConfigFile), output.Report);
        var settings = resolver.Resolve(forward.Host!, forward.Settings);
        if (forward.PrintSettings)
        {
            foreach (var line in SettingsDump.Lines(settings))
                output.Result.WriteLine(line);
            return Failure.None.ExitCode();
        }

        if (forward.CarriesFtp)
            CheckFtp(settings.Ftp, output);
        using var signals = new StopSignals();
        try
        {
            return await RunAsync(forward, settings, resolver.Way(settings), output, signals);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            // Stopped on request, so there is nothing to report; but what was asked for did not come to be.
            return Failure.Shutdown.ExitCode();
        }
    }

    private async Task<int> RunAsync(
        ForwardArguments arguments, SshSettings settings, IReadOnlyList<SshSettings> way, CommandOutput output, StopSignals signals)
    {
        using var terminal = Terminal.TryOpen();
        using var secrets = new RememberedSecrets();
        using var password = UnattendedPassword.Read(arguments.PasswordFile);
        using var loggers = new LineLoggerFactory(output.Error, arguments.Verbosity, time);
        var profile = await new ProfileBuilder(terminal, secrets, output, time).BuildAsync(settings, way, password, signals.Stop);
        var forwards = arguments.Forwards
            .Select(forward => forward.ToOptions(arguments.AllInterfaces, settings.AddressFamily, settings.Ftp))
            .ToList();
        var remoteForwards = arguments.RemoteForwards.Select(forward => forward.ToOptions(settings.Ftp)).ToList();

        await using var engine = new TunnelEngine(loggers, time, settings.Admission);
        await engine.ConnectAsync(profile, signals.Stop);
        await OpenListenersAsync(engine, forwards, remoteForwards, profile, output, signals.Stop);

        await signals.Requested;
        await Stopping.StopAsync(engine, output, signals);
        return Failure.None.ExitCode();
    }

    private static void CheckFtp(FtpOptions ftp, CommandOutput output)
    {
        if (FtpChecks.Contradictions(ftp).FirstOrDefault() is { } contradiction)
            throw new UsageException($"{contradiction.Option}: {contradiction.Text}");
        foreach (var (_, text) in FtpChecks.Warnings(ftp))
            output.Report($"warning: {text}");
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
            var listeners = await engine.ForwardAsync(forward, profile, stop);
            lines.AddRange(listeners.Select(listener => ReadyLine.Of(forward, listener, profile)));
        }

        foreach (var forward in remoteForwards)
            lines.Add(ReadyLine.Of(forward, await engine.ForwardRemoteAsync(forward, profile, stop), profile));
        lines.ForEach(output.Result.WriteLine);
    }
}
